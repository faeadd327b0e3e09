import type { Chance } from '../chance.ts';
import type { FuzzKind } from './fuzzKinds.ts';

/** A factor of the rows. */
export interface RandomFactor {
  readonly name: string;
  /** Level of each row, 0-based and without gaps. */
  readonly index: readonly number[];
  readonly J: number;
}

/** A response with its predictors and factors, drawn from a model of its own that need not agree with any prior. */
export interface RandomRows {
  readonly n: number;
  readonly factors: readonly RandomFactor[];
  /** Columns x1, x2, ...; the first `varying` of them vary by g. */
  readonly predictors: readonly (readonly number[])[];
  readonly varying: number;
  readonly y: readonly number[];
  readonly offset: readonly number[] | null;
  readonly weights: readonly number[] | null;
  readonly standardErrors: readonly number[] | null;
  readonly trials: readonly number[] | null;
  /** Of negative binomial counts. */
  readonly shape: number | null;
  readonly tags: readonly string[];
}

const MOST_ROWS = 60;

export function randomRows(chance: Chance, kind: FuzzKind): RandomRows {
  const { normal, pick, maybe, whole } = chance;
  const continuous = kind.family === 'gaussian' || kind.family === 'student';
  const tags: string[] = [];
  const J = whole(...kind.J);
  const fewest = pick([1, 2, 2, 4]);
  const most = fewest + pick([0, 2, 5]);
  const g: number[] = [];
  for (let j = 0; j < J; j += 1) for (let t = whole(fewest, most); t > 0 && g.length < MOST_ROWS; t -= 1) g.push(j);
  // Never fewer rows than a residual sd and a slope need.
  while (g.length < 8) g.push(g.length % J);
  g.sort((a, b) => a - b);
  const n = g.length;
  const other = pick(kind.others);
  const factors: RandomFactor[] = [factor('g', g)];
  if (other === 'crossed') {
    const K = whole(2, 5);
    factors.push(
      factor(
        'h',
        g.map(() => whole(0, K - 1)),
      ),
    );
  } else if (other === 'nested')
    factors.push(
      factor(
        'h',
        g.map((j, i) => 2 * j + (i % 2)),
      ),
    );
  else if (other === 'copy' || other === 'two copies') factors.push(factor('h', g));
  if (other === 'two copies') factors.push(factor('k', g));
  if (other !== 'none') tags.push(other);

  const q = pick(kind.q);
  const predictors: number[][] = [];
  if (other === 'sign') predictors.push(g.map((j) => (j % 2 ? 1 : -1)));
  else {
    for (let k = 0; k < Math.max(q - 1, maybe(0.5) ? 1 : 0); k += 1) {
      const shift = pick(kind.shifts);
      const unit = pick([1, 1, 1, 1e-4, 1e4, 0.1]);
      const shape = pick(['normal', 'normal', 'time', 'binary', 'level']);
      const base = standard(predictor(chance, shape, g));
      predictors.push(base.map((value) => (value + shift) * unit));
      tags.push(`x${k + 1} ${shape} shift ${shift} unit ${unit}`);
    }
  }
  const standardised = predictors.map(standard);

  const sigma = continuous ? pick([1, 1, 1, 1e-3, 1e3]) : 1;
  const tau = pick(continuous ? [0, 0.3, 1, 1, 3, 10, 30] : [0, 0.3, 1, 1, 3]) * sigma;
  const slope = pick(continuous ? [0, 0.3, 1, 3, 10] : [0, 0.3, 1]) * sigma;
  const rho = pick([0, 0, 0.5, 0.99, -0.99, 1, -1]);
  const clusters = maybe(0.15);
  tags.unshift(
    `n ${n} J ${J} data: tau ${tau / sigma} slope ${slope / sigma} rho ${rho} sigma ${sigma}${clusters ? ' clusters' : ''}`,
  );
  const u = Array.from({ length: J }, () => (clusters ? (maybe(0.5) ? 3 : -3) : normal()));
  const slopes = u.map((value) => standardised.map(() => rho * value + Math.sqrt(1 - rho * rho) * normal()));
  const beside = factors.slice(1).map(({ J: size }) => {
    const sd = other === 'copy' || other === 'two copies' ? 0 : pick(continuous ? [0, 1, 1, 5] : [0, 1]) * sigma;
    return Array.from({ length: size }, () => sd * normal());
  });
  const level = continuous ? pick([0, 0, 1, 100, 1e4]) * sigma : pick([0, -1]);
  const beta = standardised.map(() => pick([0, 1, -2]) * (continuous ? sigma : 0.5));
  const offset = continuous && maybe(0.15) ? g.map(() => 10 * sigma * normal()) : null;
  const rows = pick(kind.rows);
  const weights = rows === 'weights' ? g.map(() => pick([0.1, 1, 1, 4, 50])) : null;
  const standardErrors = rows === 'se' ? g.map(() => sigma * Math.exp(normal())) : null;
  const trials = kind.family === 'binomial' && maybe(0.5) ? g.map(() => whole(1, 8)) : null;
  const eta = g.map((j, i) => {
    let sum = level + tau * u[j]! + (offset?.[i] ?? 0);
    beside.forEach((values, f) => {
      sum += values[factors[f + 1]!.index[i]!]!;
    });
    standardised.forEach((x, k) => {
      sum += x[i]! * (beta[k]! + (k < q - 1 ? slope * slopes[j]![k]! : 0));
    });
    return sum;
  });
  const shape = kind.family === 'negativeBinomial' ? pick([0.3, 1, 5, 50]) : null;
  if (shape !== null) tags.push(`shape ${shape}`);
  const y = eta.map((value, i) => {
    if (kind.family === 'poisson' || kind.family === 'negativeBinomial') {
      // By what a gamma leaves of the mean: 1 for Poisson counts, and no more than a thousand or so.
      const mean = Math.exp(Math.min(value, 7)) * (shape === null ? 1 : chance.gamma(shape, shape));
      let count = 0;
      for (let left = mean - chance.gamma(1, 1); left > 0; left -= chance.gamma(1, 1)) count += 1;
      return count;
    }
    if (!continuous) {
      let successes = 0;
      for (let t = trials?.[i] ?? 1; t > 0; t -= 1) {
        const p = 1 / (1 + Math.exp(-value));
        successes += (kind.family === 'probit' ? value + normal() > 0 : maybe(p)) ? 1 : 0;
      }
      return successes;
    }
    const sd = standardErrors?.[i] ?? sigma / Math.sqrt(weights?.[i] ?? 1);
    const heavy = kind.family === 'student' ? Math.sqrt(2 / chance.gamma(2, 1)) : 1;
    return value + sd * heavy * normal();
  });
  if (!continuous && y.every((value, i) => value / (trials?.[i] ?? 1) === y[0]! / (trials?.[0] ?? 1))) {
    y[0] = y[0] === 0 ? (trials?.[0] ?? 1) : 0;
  }
  if (offset) tags.push('offset');
  if (rows !== 'plain') tags.push(rows);
  return {
    n,
    factors,
    predictors,
    varying: other === 'sign' ? 1 : q - 1,
    y,
    offset,
    weights,
    standardErrors,
    trials,
    shape,
    tags,
  };
}

/** With levels 0, 1, ... in order of appearance. */
function factor(name: string, codes: readonly number[]): RandomFactor {
  const levels = new Map<number, number>();
  const index = codes.map((code) => {
    if (!levels.has(code)) levels.set(code, levels.size);
    return levels.get(code)!;
  });
  return { name, index, J: levels.size };
}

function predictor({ normal, maybe }: Chance, shape: string, g: readonly number[]): number[] {
  const seen = new Map<number, number>();
  return g.map((j) => {
    switch (shape) {
      case 'time': {
        const at = seen.get(j) ?? 0;
        seen.set(j, at + 1);
        return at;
      }
      case 'binary':
        return maybe(0.4) ? 1 : 0;
      case 'level':
        return 0.3 * normal() + Math.sin(7 * j);
      default:
        return normal();
    }
  });
}

/** Less the mean, over the sd; a constant is left as it is. */
export function standard(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  return values.map((value) => (value - mean) / sd);
}
