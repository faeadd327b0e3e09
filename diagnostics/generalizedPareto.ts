/** Generalized Pareto distribution of exceedances over zero: shape k (heavier tails for larger k) and scale sigma. */
export interface GeneralizedPareto {
  readonly k: number;
  readonly sigma: number;
}

/**
 * Fits a generalized Pareto distribution to ascending positive exceedances by Zhang & Stephens' (2009) empirical Bayes
 * profile: theta averaged over a grid of 30 + floor(sqrt n) points, k = mean log(1 - theta x), sigma = -k / theta.
 * k is then drawn towards 1/2 with the weight of ten observations (Vehtari, Simpson, Gelman, Yao & Gabry 2024).
 * k is Infinity when it cannot be computed.
 */
export function fitGeneralizedPareto(exceedances: Float64Array): GeneralizedPareto {
  const n = exceedances.length;
  const gridSize = 30 + Math.floor(Math.sqrt(n));
  const quartile = exceedances[Math.floor(n / 4 + 0.5) - 1]!;
  const largest = exceedances[n - 1]!;
  const shapeAt = (theta: number): number => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Math.log1p(-theta * exceedances[i]!);
    return sum / n;
  };
  const grid = new Float64Array(gridSize);
  const logProfile = new Float64Array(gridSize);
  let highest = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < gridSize; j++) {
    const theta = 1 / largest + (1 - Math.sqrt(gridSize / (j + 0.5))) / (3 * quartile);
    const shape = shapeAt(theta);
    grid[j] = theta;
    logProfile[j] = n * (Math.log(-theta / shape) - shape - 1);
    if (logProfile[j]! > highest) highest = logProfile[j]!;
  }
  let total = 0;
  let theta = 0;
  for (let j = 0; j < gridSize; j++) {
    const weight = Math.exp(logProfile[j]! - highest);
    total += weight;
    theta += weight * grid[j]!;
  }
  theta /= total;
  const shape = shapeAt(theta);
  const k = (shape * n) / (n + 10) + 5 / (n + 10);
  return { k: Number.isNaN(k) ? Number.POSITIVE_INFINITY : k, sigma: -shape / theta };
}

/**
 * Quantile of the generalized Pareto distribution: sigma ((1 - p)^-k - 1) / k, -sigma log(1 - p) for k = 0. NaN unless
 * sigma > 0.
 */
export function generalizedParetoQuantile(p: number, { k, sigma }: GeneralizedPareto): number {
  if (!(sigma > 0)) return Number.NaN;
  const log = Math.log1p(-p);
  return k === 0 ? -sigma * log : (sigma * Math.expm1(-k * log)) / k;
}
