import { exp, log } from '../../elementary.ts';
import { ROW_PART } from '../../families/cumulativeFamily.ts';
import type { Family } from '../../families/family.ts';
import type { Pausing } from '../../pausing.ts';
import type { ArrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import { averagedDerivatives } from './averagedDerivatives.ts';
import type { CellTable } from './cellTable.ts';
import { intervalAverages, startingIntervals } from './intervalAverages.ts';
import { linearPredictorMoments } from './linearPredictorMoments.ts';
import type { PseudoObservations } from './pseudoObservations.ts';
import type { WeightedProducts } from './weightedProducts.ts';

/** Share of the new pseudo-observation in each round: whole steps may swing to and fro where events are rare. */
const STEP = 0.8;
const ROUNDS = 100;
/**
 * The weight of a count is E exp(eta), which grows with exp(v / 2), v the variance that it is to bring down: where v is
 * large, as of groups that are all 0, full steps swing for ever, up to weights that take all rounds to come down from,
 * the mean standing still. So predictors of sds beyond WIDE step in the logarithm of the weight, never up by more than
 * a factor e, and settle in it too; and from a round on steps get smaller, down to a least one, whenever a round has
 * not come nearer than any before it.
 */
const WIDE = 1.5;
const WEIGHT_SETTLED = 0.02;
const PATIENCE = 10;
const SMALLER = 0.7;
const LEAST_STEP = 0.04;
/** Largest change of a mean, in sds of its linear predictor, at which the rounds end. */
const SETTLED = 1e-3;

/**
 * Replaces each cell's likelihood l_i(eta) by a Gaussian one that matches it on average over the posterior's Gaussian
 * approximation N(m_i, v_i) of its linear predictor: precision w_i = -E l_i'', response m_i + E l_i' / w_i, height E
 * l_i (the variational Gaussian approximation: Opper & Archambeau 2009; the integral over u and beta is then the
 * variational bound of the marginal likelihood). m and v come from the arrow factor under the last pseudo-observations;
 * the rounds end when no mean moves. `own` is the family's own parameter. `likelihood` must have been evaluated at the
 * covariances in question. Fills `weighted`.
 */
export function* gaussianApproximation(
  family: Family,
  table: CellTable,
  weighted: WeightedProducts,
  likelihood: ArrowMarginalLikelihood,
  pseudo: PseudoObservations,
  own?: number,
): Pausing<void> {
  const { n, row, base, y, size, copies } = table;
  const { precision, side, third } = pseudo;
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const before = new Float64Array(n);
  const averages = new Float64Array(4);
  // The height must be below 0: twice its negative stands for a residual sum of squares. That of successes is without
  // them.
  let logConstants = 0;
  const ordered = family.ordered ? intervalAverages(family.ordered, table) : null;
  const counts = family.kind === 'counts';
  for (let i = 0; counts && i < n; i += 1) {
    logConstants += copies[i]! * family.logConstant(y[i]!, size[i]!);
  }
  let step = STEP;
  let nearest = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    weighted.fill(precision, side);
    likelihood.refresh();
    likelihood.solve(1);
    if (!Number.isFinite(likelihood.logDeterminantK())) return;
    linearPredictorMoments(table, weighted.products, likelihood, mean, variance);
    let moved = 0;
    let constant = 0;
    for (let i = 0; i < n; i += 1) {
      if (ordered && y[i] === ROW_PART.above) {
        for (let k = 0; k < 3; k += 1) {
          const sd = Math.sqrt(variance[i + k]!);
          moved = Math.max(moved, Math.abs(mean[i + k]! - before[i + k]!) / (sd + 1e-6));
          before[i + k] = mean[i + k]!;
        }
        constant += ordered.fill(i, mean, variance, pseudo, round === 0 ? 1 : step);
        i += 2;
        continue;
      }
      if (ordered && y[i] === ROW_PART.space) {
        ordered.fillSpace(i, mean, pseudo);
        continue;
      }
      const m = mean[i]!;
      const sd = Math.sqrt(variance[i]!);
      moved = Math.max(moved, Math.abs(m - before[i]!) / (sd + 1e-6));
      before[i] = m;
      averagedDerivatives(family, table, i, m, sd, averages, own);
      const w = Math.max(averages[2]!, 1e-10 * size[i]! * copies[i]!);
      const distance = m - base[row[i]!]!;
      const c = w * distance + averages[1]!;
      let share = round === 0 ? 1 : step;
      if (counts && round > 0 && sd > WIDE) {
        const rise = log(w / precision[i]!);
        moved = Math.max(moved, (SETTLED / WEIGHT_SETTLED) * Math.abs(rise));
        if (Math.abs(rise) > 1e-6) share = (precision[i]! * (exp(step * Math.min(1, rise)) - 1)) / (w - precision[i]!);
      }
      precision[i] = precision[i]! + share * (w - precision[i]!);
      side[i] = side[i]! + share * (c - side[i]!);
      third[i] = averages[3]!;
      constant += averages[0]! + 0.5 * w * variance[i]! - (averages[1]! + 0.5 * w * distance) * distance;
    }
    pseudo.constant = constant + logConstants;
    if (moved < SETTLED) break;
    if (moved < nearest) nearest = moved;
    else if (round >= PATIENCE) step = Math.max(LEAST_STEP, SMALLER * step);
    yield;
  }
  weighted.fill(precision, side);
  likelihood.refresh();
}

const derivatives = new Float64Array(4);

/** Pseudo-observations to start from: slope and curvature of every cell at the overall mean of a row of size 1. */
export function startingObservations(family: Family, table: CellTable, own?: number): PseudoObservations {
  const { n, y, size, copies, row, base } = table;
  if (family.ordered) return startingIntervals(family, table);
  const precision = new Float64Array(n);
  const side = new Float64Array(n);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    sum += copies[i]! * y[i]!;
    total += copies[i]! * size[i]!;
  }
  const centre = family.linkOf((sum + 0.5) / (total + 1));
  for (let i = 0; i < n; i += 1) {
    family.derivatives(y[i]!, size[i]!, centre, 1, derivatives, own);
    const weight = family.stepInformation?.(size[i]!, centre, own) ?? derivatives[2]!;
    precision[i] = copies[i]! * weight;
    side[i] = copies[i]! * (weight * (centre - base[row[i]!]!) + derivatives[1]!);
  }
  return { precision, side, third: new Float64Array(n), constant: 0 };
}
