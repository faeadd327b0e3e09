/** 75% and 95% points of the standard normal distribution. */
export const Z75 = 0.6744897501960817;
export const Z95 = 1.6448536269514722;

/** log(2 pi). */
export const LOG_2PI = 1.8378770664093453;
