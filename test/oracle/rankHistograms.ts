/** Every histogram of N ranks over K cells with its multinomial probability. */
export function rankHistograms(N: number, K: number): { readonly counts: readonly number[]; readonly p: number }[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const fill = (left: number, cells: number): number[][] =>
    cells === 1
      ? [[left]]
      : Array.from({ length: left + 1 }, (_, k) => fill(left - k, cells - 1).map((rest) => [k, ...rest])).flat();
  return fill(N, K).map((counts) => ({
    counts,
    p: factorial(N) / counts.reduce((product, k) => product * factorial(k), 1) / K ** N,
  }));
}
