import { isotonic } from '../../../diagnostics/isotonic.ts';
import { quantileOfSorted } from '../../../diagnostics/quantile.ts';
import { needsIndependent } from '../../design/needsIndependent.ts';
import { needsRows } from '../../design/needsRows.ts';
import { kindOf } from '../../families/familyOf.ts';
import { type ResponseKind, unknownKind } from '../../families/responseKind.ts';
import { checkFit } from '../../input/checkFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { familyRows } from '../../products/familyRows.ts';
import { drawBinomial } from '../../random/binomial.ts';
import { createRng, type Rng } from '../../random/rng.ts';
import { ownDraws } from '../groupDraws.ts';
import { distributionFunction, type FamilyRow } from './distributionFunction.ts';
import { leftOutRows } from './leftOutRows.ts';

/** Predicted probabilities that are alike, and how often the event came. */
export interface CalibrationPoint {
  readonly probability: number;
  /** The isotonic fit there, and the 5% and 95% quantiles of such fits were the probabilities right. */
  readonly share: number;
  readonly q5: number;
  readonly q95: number;
}

/** How often an event comes along its predicted probability. */
export interface Calibration {
  /** The event: y above this value (of ordered answers the number of a level from 0); null of successes. */
  readonly above: number | null;
  /** At the ends of the flat parts of the isotonic fit and between, by rising probability. */
  readonly curve: readonly CalibrationPoint[];
  /** Of every row, by rising probability. */
  readonly probabilities: Float64Array;
  /** Brier score (mean squared error) of the probabilities, and how much of it the isotonic fit takes away. */
  readonly brier: number;
  readonly miscalibration: number;
  /** The mean miscalibration were the probabilities right, and the share of such data sets with as much or more. */
  readonly expected: number;
  readonly p: number;
}

const STREAM = 6_000_000;
const REPLICATES = 400;
/** Steps of replicates in all; of very many rows there are fewer, never under 100. */
const WORK = 8e6;
/** Log odds that stand for a probability of 0 or 1. */
const FAR = 700;
/** Places of the curve at which the band is known. */
const PLACES = 60;

/**
 * Reliability curves by isotonic regression (CORP; Dimitriadis, Gneiting & Jordan 2021): the probability of an event in
 * each row, predicted as if the row had not been seen (`leftOutRows`), against the share of rows of such probabilities
 * in which it came, fitted as a function that never falls, so that there are no classes to choose. The band is where
 * the curves of data sets lie that have exactly the predicted probabilities (their consistency band); the trials of a
 * row hang together in them as its family says, those of beta-binomial rows with the precision of a draw. Events: a
 * success; an ordered answer above each level but the last; a count above 0, where there are zeros, and
 * above the median. None of measured numbers,
 * whose probabilities `looPit` checks. Throws `draws-not-kept`, `needs-rows`, `not-supported`.
 */
export function calibration(fit: Fit): Calibration[] {
  checkFit('calibration', fit, 'mcmc');
  const { design } = fit;
  needsIndependent(design, 'calibration');
  needsRows(design, 'probabilities of the rows', 'distinct');
  const { family, y, size, copies } = familyRows(design);
  const events = eventsOf(kindOf(design), y, design.response.levels?.length ?? 0);
  const one = new Float64Array(2);
  const found = events.map((): number[] => []);
  const { index } = leftOutRows(fit, ({ i, expect }) => {
    events.forEach((above, e) => {
      const row: FamilyRow = above === null ? { family, y: 0, size: 1 } : { family, y: above, size: size[i]! };
      expect(distributionFunction(row), one);
      found[e]!.push(Math.min(1, Math.max(0, 1 - one[0]! - one[1]!)));
    });
  });
  const rng = createRng([fit.sampling.seed, STREAM]);
  // Trials that hang together: rows are drawn one by one, and only then are those of one probability a point.
  const own = events[0] === null && family.parameter !== null ? ownDraws(fit) : null;
  const rowOf =
    own &&
    ((i: number, q: number, part: number): number => {
      const eta = Math.max(-FAR, Math.min(FAR, family.linkOf(q)));
      let sum = 0;
      for (let copy = 0; copy < copies[i]!; copy++)
        sum += family.simulate(size[i]!, eta, 1, rng, own[Math.floor(part * own.length)]!);
      return sum;
    });
  return events.map((above, e) => {
    const p = Float64Array.from(index, (column) => found[e]![column]!);
    const count = (i: number) => copies[i]! * (above === null ? size[i]! : 1);
    const came = (i: number) => copies[i]! * (above === null ? y[i]! : y[i]! > above ? 1 : 0);
    return curveOf(above, p, count, came, rng, rowOf);
  });
}

/** The values that an event lies above; null is a success. */
function eventsOf(kind: ResponseKind, y: Float64Array, levels: number): readonly (number | null)[] {
  switch (kind) {
    case 'numbers':
      return [];
    case 'successes':
      return [null];
    case 'ordered':
      return Array.from({ length: Math.max(0, levels - 1) }, (_, k) => k);
    case 'counts': {
      // Each event costs a sum over the counts up to it, for every draw.
      const sorted = y.slice().sort();
      const median = Math.floor(quantileOfSorted(sorted, 0.5));
      return [...new Set(sorted[0] === 0 ? [0, median] : [median])].filter((at) => at < sorted.at(-1)!);
    }
    default:
      return unknownKind(kind);
  }
}

/**
 * The curve of an event with its band. Each trial of a replicate is independent of the others unless there is `rowOf`,
 * which draws the events of row i at probability q by the draw of the posterior at `part` (0 to 1) of all of them.
 */
function curveOf(
  above: number | null,
  p: Float64Array,
  count: (i: number) => number,
  came: (i: number) => number,
  rng: Rng,
  rowOf: ((i: number, q: number, part: number) => number) | null,
): Calibration {
  const order = Array.from(p.keys()).sort((a, b) => p[a]! - p[b]!);
  // Rows of one probability are one point.
  const at: number[] = [];
  const weight: number[] = [];
  const events: number[] = [];
  const members: number[][] = [];
  for (const i of order) {
    if (at.at(-1) !== p[i]!) {
      at.push(p[i]!);
      weight.push(0);
      events.push(0);
      members.push([]);
    }
    members.at(-1)!.push(i);
    weight[at.length - 1]! += count(i);
    events[at.length - 1]! += came(i);
  }
  const total = weight.reduce((sum, value) => sum + value, 0);
  /** The isotonic fit, and how much smaller its Brier score is. */
  const fitted = (outcomes: readonly number[]) => {
    const shares = outcomes.map((value, j) => value / weight[j]!);
    const fit = isotonic(shares, weight);
    const gain = fit.reduce(
      (sum, value, j) => sum + weight[j]! * ((at[j]! - shares[j]!) ** 2 - (value - shares[j]!) ** 2),
      0,
    );
    return { fit, miscalibration: Math.max(0, gain / total) };
  };
  const own = fitted(events);
  // Both ends of each flat part, where there are not too many, and places between by rank.
  const ends = at.flatMap((_, j) => (own.fit[j] !== own.fit[j - 1] || own.fit[j] !== own.fit[j + 1] ? [j] : []));
  const ranked = Array.from({ length: PLACES }, (_, k) => Math.round((k * (at.length - 1)) / (PLACES - 1)));
  const places = [...new Set([...(ends.length > 4 * PLACES ? [] : ends), ...ranked])].sort((a, b) => a - b);
  const R = Math.max(100, Math.min(REPLICATES, Math.floor(WORK / at.length)));
  const band = places.map(() => new Float64Array(R));
  let expected = 0;
  let asMuch = 0;
  for (let r = 0; r < R; r++) {
    const outcome = (q: number, j: number): number =>
      rowOf ? members[j]!.reduce((sum, i) => sum + rowOf(i, q, r / R), 0) : drawBinomial(weight[j]!, q, 1 - q, rng);
    const { fit, miscalibration } = fitted(at.map(outcome));
    places.forEach((j, k) => {
      band[k]![r] = fit[j]!;
    });
    expected += miscalibration / R;
    if (miscalibration >= own.miscalibration) asMuch += 1;
  }
  const squares = order.reduce((sum, i) => {
    const [n, k] = [count(i), came(i)];
    return sum + k * (1 - p[i]!) ** 2 + (n - k) * p[i]! ** 2;
  }, 0);
  return {
    above,
    curve: places.map((j, k) => {
      const sorted = band[k]!.sort();
      const [q5, q95] = [quantileOfSorted(sorted, 0.05), quantileOfSorted(sorted, 0.95)];
      return { probability: at[j]!, share: own.fit[j]!, q5, q95 };
    }),
    probabilities: Float64Array.from(order, (i) => p[i]!),
    brier: squares / total,
    miscalibration: own.miscalibration,
    expected,
    p: asMuch / R,
  };
}
