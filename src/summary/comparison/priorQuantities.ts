import type { Fit } from '../../mcmc/fit.ts';
import { solveCombinations } from '../../priors/coefficientCombinations.ts';
import { correlationFactor } from '../correlationFactor.ts';
import { betaDraws, drawCount, groupDraws } from '../groupDraws.ts';

/** The draws of what a prior is of, and whether that is the quantity as written. */
export interface PriorQuantity {
  readonly draws: Float64Array;
  /** Empty, or where the prior is taken: ` at the centre of the columns`. */
  readonly where: string;
}

/**
 * What the prior of coefficient c is of, in every draw: the coefficient, or row c of the combinations that default
 * priors are of.
 */
export function priorCoefficient(fit: Fit, c: number): PriorQuantity {
  const { combinations, mean } = fit.priors.beta;
  const p = mean.length;
  const others = Array.from({ length: p }, (_, k) => k).filter(
    (k) => k !== c && (combinations?.[c * p + k] ?? 0) !== 0,
  );
  if (others.length === 0) return { draws: betaDraws(fit, c), where: '' };
  const draws = Float64Array.from(betaDraws(fit, c));
  for (const k of others) {
    const weight = combinations![c * p + k]!;
    betaDraws(fit, k).forEach((value, s) => {
      draws[s]! += weight * value;
    });
  }
  return { draws, where: ' at the centre of the columns' };
}

/**
 * What the prior of block b of group term f is of, in every draw: its sds, and its correlations in the order of its
 * pairs; where the prior is about the means of the columns, those of C^-1 Sigma C^-T (`BlockPrior.about`).
 */
export function priorCovariance(
  fit: Fit,
  f: number,
  b: number,
): { readonly tau: readonly PriorQuantity[]; readonly corr: readonly PriorQuantity[] } {
  const term = fit.design.groupTerms[f]!;
  const { start, size } = term.blocks[b]!;
  const prior = fit.priors.groups[f]![b]!;
  const draws = groupDraws(fit, f);
  const pairs = draws.pairs.flatMap((pair, at) => (pair.block === b ? [{ ...pair, at }] : []));
  if (prior.kind !== 'separation' || !prior.about) {
    return {
      tau: Array.from({ length: size }, (_, k) => ({ draws: draws.tau(start + k), where: '' })),
      corr: pairs.map(({ at }) => ({ draws: draws.corr(at), where: '' })),
    };
  }
  const { about } = prior;
  const { q } = term;
  const S = drawCount(fit);
  const tau = Array.from({ length: size }, () => new Float64Array(S));
  const corr = pairs.map(() => new Float64Array(S));
  const factor = correlationFactor(term);
  const L = new Float64Array(q * q);
  const rows = new Float64Array(size * size);
  const column = new Float64Array(size);
  for (let s = 0; s < S; s++) {
    factor(
      draws.pairs.map((_, at) => draws.corr(at)[s]!),
      L,
    );
    for (let l = 0; l < size; l++) {
      for (let k = 0; k < size; k++) column[k] = draws.tau(start + k)[s]! * L[(start + k) * q + start + l]!;
      solveCombinations(about, column);
      for (let k = 0; k < size; k++) rows[k * size + l] = column[k]!;
    }
    for (let k = 0; k < size; k++) tau[k]![s] = Math.hypot(...rows.subarray(k * size, (k + 1) * size));
    pairs.forEach(({ first, second }, at) => {
      let sum = 0;
      const [i, j] = [first - start, second - start];
      for (let l = 0; l < size; l++) sum += rows[i * size + l]! * rows[j * size + l]!;
      corr[at]![s] = Math.max(-1, Math.min(1, sum / (tau[i]![s]! * tau[j]![s]!)));
    });
  }
  const moved = (k: number): boolean =>
    Array.from({ length: size }, (_, l) => l).some((l) => l !== k && about[k * size + l] !== 0);
  const where = ' at the means of the columns';
  return {
    tau: tau.map((values, k) => ({ draws: values, where: moved(k) ? where : '' })),
    corr: corr.map((values) => ({ draws: values, where })),
  };
}
