/** Autocovariances by their definition, O(N^2): (1/N) sum (x_i - mean)(x_{i+t} - mean). */
export function naiveAutocovariance(x: readonly number[]): number[] {
  const n = x.length;
  const centre = x.reduce((sum, value) => sum + value, 0) / n;
  return x.map((_, lag) => {
    let sum = 0;
    for (let i = 0; i + lag < n; i++) sum += (x[i]! - centre) * (x[i + lag]! - centre);
    return sum / n;
  });
}

/** Average ranks by counting, O(S^2). */
export function naiveRanks(x: readonly number[]): number[] {
  return x.map((value) => {
    const below = x.filter((other) => other < value).length;
    const equal = x.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}

/**
 * Effective sample size written from the paper in one piece (chains x draws), every lag computed, for chains of at
 * least six draws.
 */
export function naiveEss(chains: readonly (readonly number[])[]): number {
  const m = chains.length;
  const n = chains[0]!.length;
  const means = chains.map((chain) => chain.reduce((sum, value) => sum + value, 0) / n);
  const grand = means.reduce((sum, value) => sum + value, 0) / m;
  const between = m > 1 ? means.reduce((sum, value) => sum + (value - grand) ** 2, 0) / (m - 1) : 0;
  const all = chains.map(naiveAutocovariance);
  const gamma = all[0]!.map((_, lag) => all.reduce((sum, one) => sum + one[lag]!, 0) / m);
  const within = (gamma[0]! * n) / (n - 1);
  const total = gamma[0]! + between;
  const rho = gamma.map((value, lag) => (lag === 0 ? 1 : 1 - (within - value) / total));
  // Geyer's pairs P_k = rho_2k + rho_2k+1 while positive (looking no further than posterior does), made monotone.
  const pairs = [rho[0]! + rho[1]!];
  let last = 0;
  while (last < n - 5 && rho[last]! + rho[last + 1]! > 0) {
    last += 2;
    pairs.push(rho[last]! + rho[last + 1]!);
  }
  let sum = 0;
  let lowest = Number.POSITIVE_INFINITY;
  for (let k = 0; k < pairs.length - 1; k++) {
    lowest = Math.min(lowest, pairs[k]!);
    sum += lowest;
  }
  const tau = -1 + 2 * sum + Math.max(rho[last]!, 0);
  return (m * n) / Math.max(tau, 1 / Math.log10(m * n));
}
