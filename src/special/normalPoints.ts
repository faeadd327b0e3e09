/** 75% and 95% points of the standard normal distribution. */
export const Z75 = 0.6744897501960817;
export const Z95 = 1.6448536269514722;

/** log(2 pi). */
export const LOG_2PI = 1.8378770664093453;

/** Its half, log(sqrt(2 pi)), and sqrt(2 pi). */
export const LOG_SQRT_2PI = 0.9189385332046728;
export const SQRT_2PI = 2.5066282746310002;
