import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { backwardSolve, cholesky, forwardSolve } from '../../linalg/cholesky.ts';
import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { type Coordinates, toUser, toWorking } from '../../products/coordinates.ts';
import type { Rng } from '../../random/rng.ts';
import type { FactorCovariance } from '../crossed/factorCovariance.ts';
import type { CrossedRows } from './crossedRows.ts';
import type { PseudoLikelihood, RowFunctions } from './rowFunctions.ts';
import { predictors } from './rowPasses.ts';

/** Precision that the proposal of a log sd has at least: where the effects are near 0 rows say nothing of it. */
const LEAST_PRECISION = 1;
/** Rows that are laid out at a time. */
const CHUNK = 1024;
/** Step of the difference quotient of a prior. */
const STEP = 1e-4;

/** What the step reads and, where it is accepted, changes; arrays of the sampler's own. */
export interface ScaleStepPlace {
  readonly x: Float64Array;
  readonly eta: Float64Array;
  readonly etaNext: Float64Array;
  readonly excess: Float64Array;
  readonly excessNext: Float64Array;
  /** To be called after the coordinates of the covariances have changed. */
  refresh(): void;
}

/**
 * All sds and beta together given the effects in units of their sds, e_fj = diag(tau_f)^-1 u_fj: theta = (log tau of
 * every factor, beta) then has the few columns [z_fk u_fk, X] of a generalized linear model, and is proposed as
 * Gamerman (1997) has it, from N(theta + H^-1 g, H^-1), g the gradient of the log posterior, H the information under
 * the frozen precisions of the rows. This is what moves sds whose levels have a row or two each: given u they creep,
 * and the pseudo-likelihood, frozen at one size of them, stands for others badly.
 */
export interface ScaleStep {
  /** One step; whether it was accepted. Allocates nothing. */
  run(pseudo: PseudoLikelihood, rng: Rng): boolean;
}

/** The step over a place; allocates only here. */
export function scaleStep(
  { groupTerms }: Design,
  { groups: maps }: Coordinates,
  rows: CrossedRows,
  { discrepancies, scores }: RowFunctions,
  covariances: readonly FactorCovariance[],
  prior: WorkingCoefficientPrior,
  { x, eta, etaNext, excess, excessNext, refresh }: ScaleStepPlace,
): ScaleStep {
  const { n, p, beta, base, X, factors } = rows;
  const sds = groupTerms.reduce((sum, { q }) => sum + q, 0);
  const d = sds + p;
  const score = new Float64Array(n);
  const before = new Float64Array(x.length);
  const kept = covariances.map(({ coordinates }) => coordinates.slice());
  const user = factors.map(({ J, q }) => new Float64Array(J * q));
  const columns = new Float64Array(CHUNK * d);
  const information = new Float64Array(d * d);
  const H = new Float64Array(d * d);
  const HNext = new Float64Array(d * d);
  const g = new Float64Array(d);
  const gNext = new Float64Array(d);
  const step = new Float64Array(d);
  const back = new Float64Array(d);
  const ratio = new Float64Array(d);

  const readUser = (): void => {
    for (let f = 0; f < factors.length; f += 1) {
      const { J, q, offset } = factors[f]!;
      const own = user[f]!;
      for (let i = 0; i < J * q; i += 1) own[i] = x[offset + i]!;
      toUser(maps[f]!, own, 0, J);
    }
  };
  /** The gradient to `out` and, where it is given, the rows' information at the linear predictors `at`. */
  const sums = (at: Float64Array, { precision }: PseudoLikelihood, out: Float64Array, info?: Float64Array): void => {
    readUser();
    scores(at, score);
    out.fill(0);
    info?.fill(0);
    for (let from = 0; from < n; from += CHUNK) {
      const to = Math.min(n, from + CHUNK);
      let k = 0;
      for (let f = 0; f < groupTerms.length; f += 1) {
        const { q, index, Z } = groupTerms[f]!;
        for (let a = 0; a < q; a += 1, k += 1) effectColumn(from, to, d, k, index, Z, q, a, user[f]!, columns);
      }
      copyColumns(from, to, d, k, X, p, columns);
      addGradient(from, to, d, columns, score, out);
      if (info !== undefined) addInformation(from, to, d, columns, precision, info);
    }
    let k = 0;
    for (const covariance of covariances) {
      const { coordinates, sds: count } = covariance;
      for (let a = 0; a < count; a += 1, k += 1) {
        const here = coordinates[a]!;
        coordinates[a] = here + STEP;
        const up = covariance.logPrior();
        coordinates[a] = here - STEP;
        const down = covariance.logPrior();
        coordinates[a] = here;
        const slope = (up - down) / (2 * STEP);
        // An end of the prior: the proposal does without.
        out[k] = out[k]! + (Number.isFinite(slope) ? slope : 0);
      }
    }
    if (prior.flat) return;
    for (let a = 0; a < p; a += 1)
      for (let b = 0; b < p; b += 1)
        out[sds + a] = out[sds + a]! - prior.precision[a * p + b]! * (x[beta + b]! - prior.mean[b]!);
  };
  /** Factors H; false where it is not positive definite. */
  const factorInformation = (out: Float64Array, scaled: boolean): boolean => {
    for (let a = 0; a < d; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        let value = information[a * d + b]!;
        if (scaled) value *= ratio[a]! * ratio[b]!;
        if (a >= sds && b >= sds) value += prior.precision[(a - sds) * p + b - sds]!;
        out[a * d + b] = a === b && a < sds ? value + LEAST_PRECISION : value;
      }
    }
    return cholesky(out, d);
  };
  const logPriors = (): number => {
    let sum = 0;
    for (const covariance of covariances) sum += covariance.logPrior();
    if (prior.flat) return sum;
    for (let a = 0; a < p; a += 1)
      for (let b = 0; b < p; b += 1)
        sum -= 0.5 * (x[beta + a]! - prior.mean[a]!) * prior.precision[a * p + b]! * (x[beta + b]! - prior.mean[b]!);
    return sum;
  };
  /** The log-likelihood at `at`, up to a constant: its discrepancies and the pseudo-likelihood. */
  const logLikelihood = (at: Float64Array, left: Float64Array, { precision, side }: PseudoLikelihood): number => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) {
      const t = at[i]! - base[i]!;
      sum += left[i]! + (side[i]! - 0.5 * precision[i]! * t) * t;
    }
    return sum;
  };
  /** log N(v; L^-T L^-1 g, (L L')^-1), up to a constant; `gradient` is overwritten. */
  const logProposal = (L: Float64Array, gradient: Float64Array, v: Float64Array): number => {
    let logs = 0;
    let square = 0;
    forwardSolve(L, d, gradient);
    for (let a = 0; a < d; a += 1) {
      let sum = -gradient[a]!;
      for (let b = a; b < d; b += 1) sum += L[b * d + a]! * v[b]!;
      square += sum * sum;
      logs += log(L[a * d + a]!);
    }
    return logs - 0.5 * square;
  };

  /** Lays x and the covariances `step` further. */
  const move = (): void => {
    let k = 0;
    for (let f = 0; f < covariances.length; f += 1) {
      const { coordinates, sds: count } = covariances[f]!;
      const { J, q, offset } = factors[f]!;
      for (let a = 0; a < count; a += 1, k += 1) {
        coordinates[a] = coordinates[a]! + step[k]!;
        ratio[k] = exp(step[k]!);
        for (let j = 0; j < J; j += 1) user[f]![j * q + a] = user[f]![j * q + a]! * ratio[k]!;
      }
      toWorking(maps[f]!, user[f]!, 0, J);
      for (let i = 0; i < J * q; i += 1) x[offset + i] = user[f]![i]!;
    }
    for (let a = 0; a < p; a += 1, k += 1) {
      x[beta + a] = x[beta + a]! + step[k]!;
      ratio[k] = 1;
    }
  };

  return {
    run(pseudo, rng) {
      sums(eta, pseudo, g, information);
      if (!factorInformation(H, false)) return false;
      const here = logPriors() + logLikelihood(eta, excess, pseudo);
      before.set(x);
      for (let f = 0; f < covariances.length; f += 1) kept[f]!.set(covariances[f]!.coordinates);
      // step = H^-1 g + L^-T z.
      step.set(g);
      forwardSolve(H, d, step);
      for (let a = 0; a < d; a += 1) step[a] = step[a]! + rng.normal();
      backwardSolve(H, d, step);
      for (let a = 0; a < d; a += 1) back[a] = -step[a]!;
      move();
      let accepted = false;
      const priors = logPriors();
      if (priors > -Infinity) {
        predictors(rows, x, etaNext);
        discrepancies(etaNext, pseudo, excessNext);
        const there = priors + logLikelihood(etaNext, excessNext, pseudo);
        sums(etaNext, pseudo, gNext);
        if (factorInformation(HNext, true)) {
          const gain = there - here + logProposal(HNext, gNext, back) - logProposal(H, g, step);
          accepted = gain >= 0 || rng.uniform() < exp(gain);
        }
      }
      if (accepted) {
        eta.set(etaNext);
        excess.set(excessNext);
      } else {
        x.set(before);
        for (let f = 0; f < covariances.length; f += 1) covariances[f]!.coordinates.set(kept[f]!);
      }
      refresh();
      return accepted;
    },
  };
}

// Arrays as arguments: read from a closure they cost twice as much.

/** Column k of a chunk := z_a u_a, the effects as the rows' columns have them. */
function effectColumn(
  from: number,
  to: number,
  d: number,
  k: number,
  index: Int32Array,
  Z: Float64Array,
  q: number,
  a: number,
  user: Float64Array,
  columns: Float64Array,
): void {
  for (let i = from; i < to; i += 1) columns[(i - from) * d + k] = Z[i * q + a]! * user[index[i]! * q + a]!;
}

/** Columns k .. of a chunk := X. */
function copyColumns(
  from: number,
  to: number,
  d: number,
  k: number,
  X: Float64Array,
  p: number,
  columns: Float64Array,
): void {
  for (let i = from; i < to; i += 1) {
    for (let a = 0; a < p; a += 1) columns[(i - from) * d + k + a] = X[i * p + a]!;
  }
}

function addGradient(
  from: number,
  to: number,
  d: number,
  columns: Float64Array,
  score: Float64Array,
  out: Float64Array,
): void {
  for (let i = from; i < to; i += 1) {
    const s = score[i]!;
    const row = (i - from) * d;
    for (let a = 0; a < d; a += 1) out[a] = out[a]! + s * columns[row + a]!;
  }
}

function addInformation(
  from: number,
  to: number,
  d: number,
  columns: Float64Array,
  precision: Float64Array,
  out: Float64Array,
): void {
  for (let i = from; i < to; i += 1) {
    const w = precision[i]!;
    const row = (i - from) * d;
    for (let a = 0; a < d; a += 1) {
      const weighted = w * columns[row + a]!;
      for (let b = 0; b <= a; b += 1) out[a * d + b] = out[a * d + b]! + weighted * columns[row + b]!;
    }
  }
}
