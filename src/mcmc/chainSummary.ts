import type { Design, GroupTerm } from '../design/design.ts';
import type { Variable } from './draws.ts';
import { addDraw, copyHistograms, type DyadicHistograms, emptyHistograms } from './dyadicHistograms.ts';
import type { Keep } from './keep.ts';

/**
 * What a chain keeps of the deviations u_j (q numbers) of the J groups of a factor, and of their coefficients
 * b_j = gamma w_j + u_j, in place of draws: over all iterations after warm-up, S of them.
 */
export interface ChainSummary {
  /** `u_<factor>`. */
  readonly variable: string;
  readonly iterations: number;
  /** J x q: means of u. */
  readonly means: Float64Array;
  /** J x q (q + 1) / 2, lower triangles by rows: sums over draws of (u_jk - mean)(u_jl - mean). */
  readonly products: Float64Array;
  /** J x q: means of b. */
  readonly coefficientMeans: Float64Array;
  /** J x q: sums of squares of b about its mean. */
  readonly coefficientSquares: Float64Array;
  /** q: sums over draws of the variance of u_jk over the groups j (denominator J - 1; 0 for a single group). */
  readonly betweenGroups: Float64Array;
  /** Of the draws since the chain was started or last went on; null in a fit, which has those of all chains in one. */
  readonly quantiles: SummaryQuantiles | null;
}

/** Quantiles of deviations and coefficients, J x q streams each. */
export interface SummaryQuantiles {
  readonly deviations: DyadicHistograms;
  readonly coefficients: DyadicHistograms;
}

/** The running summary of a chain. */
export interface RunningSummary {
  /** Takes a draw of all variables. */
  add(draw: Float64Array): void;
  /**
   * What there is so far: a copy, but for the histograms, many megabytes, which go on with the chain until they are
   * copied.
   */
  taken(): ChainSummary;
}

/**
 * The running summaries of the factors of which a plan keeps such, of at most so many iterations, from where `from`
 * stands.
 */
export function runningSummaries(
  design: Design,
  variables: readonly Variable[],
  { without }: Keep,
  most: number,
  from: readonly ChainSummary[] = [],
): readonly RunningSummary[] {
  const offset = (name: string): number => variables.find((variable) => variable.name === name)!.offset;
  return design.groupTerms.flatMap((term) => {
    const variable = `u_${term.factor}`;
    if (without[variable] !== 'summary') return [];
    const before = from.find((summary) => summary.variable === variable);
    return [runningSummary(variable, term, offset(variable), offset('beta'), most, before)];
  });
}

/**
 * Draws are taken in together, up to so many and in up to so many numbers: what is kept of a group, a few hundred bytes
 * of its own, is then fetched once for all of them. It makes no difference to the result.
 */
const TOGETHER = 8;
const MOST_HELD = 2 ** 22;

/**
 * Means and products by Welford's recurrence: mean += (x - mean) / s, products += (x - mean before)(x - mean after).
 */
function runningSummary(
  variable: string,
  term: GroupTerm,
  uAt: number,
  betaAt: number,
  most: number,
  before: ChainSummary | undefined,
): RunningSummary {
  const { J, q } = term;
  const { m, W, columns } = term.level2;
  const triangle = (q * (q + 1)) / 2;
  const from = before ?? emptySummary(variable, J, q);
  const means = from.means.slice();
  const products = from.products.slice();
  const coefficientMeans = from.coefficientMeans.slice();
  const coefficientSquares = from.coefficientSquares.slice();
  const betweenGroups = from.betweenGroups.slice();
  const deviations = from.quantiles ? copyHistograms(from.quantiles.deviations) : emptyHistograms(J * q, most);
  const coefficients = from.quantiles ? copyHistograms(from.quantiles.coefficients) : emptyHistograms(J * q, most);
  let iterations = from.iterations;
  const steps = new Float64Array(q);
  // Of the draws held, u, what beta has of the coefficients, and the moments over the groups so far.
  const together = Math.max(1, Math.min(TOGETHER, Math.floor(MOST_HELD / (J * q))));
  const p = columns.reduce((largest, column) => Math.max(largest, column + 1), 0);
  const heldU = new Float64Array(together * J * q);
  const heldBeta = new Float64Array(together * p);
  const groupMeans = new Float64Array(together * q);
  const groupSquares = new Float64Array(together * q);
  let held = 0;

  /** Takes in what is held of group j. */
  const takeGroup = (j: number): void => {
    for (let d = 0; d < held; d += 1) {
      const count = iterations + d + 1;
      for (let k = 0; k < q; k += 1) {
        const at = j * q + k;
        const u = heldU[d * J * q + at]!;
        let b = u;
        for (let l = 0; l < m; l += 1) {
          const column = columns[k * m + l]!;
          if (column >= 0) b += W[j * m + l]! * heldBeta[d * p + column]!;
        }
        steps[k] = u - means[at]!;
        means[at]! += steps[k]! / count;
        for (let l = 0; l <= k; l += 1) {
          products[j * triangle + (k * (k + 1)) / 2 + l]! += (u - means[at]!) * steps[l]!;
        }
        const step = b - coefficientMeans[at]!;
        coefficientMeans[at]! += step / count;
        coefficientSquares[at]! += step * (b - coefficientMeans[at]!);
        const own = d * q + k;
        const across = u - groupMeans[own]!;
        groupMeans[own]! += across / (j + 1);
        groupSquares[own]! += across * (u - groupMeans[own]!);
        addDraw(deviations, at, u);
        addDraw(coefficients, at, b);
      }
    }
  };

  const takeHeld = (): void => {
    groupMeans.fill(0);
    groupSquares.fill(0);
    for (let j = 0; j < J; j += 1) takeGroup(j);
    for (let d = 0; d < held && J > 1; d += 1) {
      for (let k = 0; k < q; k += 1) betweenGroups[k]! += groupSquares[d * q + k]! / (J - 1);
    }
    iterations += held;
    held = 0;
  };

  return {
    add(draw) {
      heldU.set(draw.subarray(uAt, uAt + J * q), held * J * q);
      heldBeta.set(draw.subarray(betaAt, betaAt + p), held * p);
      held += 1;
      if (held === together) takeHeld();
    },
    taken() {
      takeHeld();
      return {
        variable,
        iterations,
        means: means.slice(),
        products: products.slice(),
        coefficientMeans: coefficientMeans.slice(),
        coefficientSquares: coefficientSquares.slice(),
        betweenGroups: betweenGroups.slice(),
        quantiles: { deviations, coefficients },
      };
    },
  };
}

/** Of no draws. */
export function emptySummary(variable: string, J: number, q: number): ChainSummary {
  return {
    variable,
    iterations: 0,
    means: new Float64Array(J * q),
    products: new Float64Array((J * q * (q + 1)) / 2),
    coefficientMeans: new Float64Array(J * q),
    coefficientSquares: new Float64Array(J * q),
    betweenGroups: new Float64Array(q),
    quantiles: null,
  };
}
