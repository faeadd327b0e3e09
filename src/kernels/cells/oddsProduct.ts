import { exp, log } from '../../elementary.ts';
import type { CellTable } from './cellTable.ts';
import { softplus } from './softplusTable.ts';

/** Cells of so many trials at most are taken trial by trial. */
const FEW_TRIALS = 4;
/**
 * Largest odds of one trial, and the value of the product at which its logarithm is taken: four more factors keep it
 * finite.
 */
const LARGEST_ODDS = 1e17;
const LARGEST_PRODUCT = 1e100;

/** The sums of n log(1 + exp(eta)) over the cells of blocks, eta = predictor[row] + z'u. */
export interface OddsProduct {
  /**
   * Fills the odds behind the `rows` predictors of an array of length 2 rows + 1, and the largest of them. Allocates
   * nothing.
   */
  prepare(predictor: Float64Array): void;
  /**
   * Takes the sum of every block j = from .. to - 1 at u[j q .. j q + q - 1] from values[j] + log(factors[j]);
   * allocates nothing.
   */
  add(
    predictor: Float64Array,
    u: Float64Array,
    factors: Float64Array,
    values: Float64Array,
    from: number,
    to: number,
  ): void;
}

/**
 * The sum of n log(1 + exp(eta)) of a block as the logarithm of one product over its trials, prod (1 + odds[row] V):
 * odds = exp(predictor) is taken once for each border row and V = exp(z'u) once for each different z of the block, so
 * that a trial costs one product and no function. Where any odds could pass 1e17 the block goes cell by cell. Null
 * where the table does not suit: too many trials a cell, or too many different z.
 */
export function oddsProduct(table: CellTable): OddsProduct | null {
  const { q, rows, start, row, z, size } = table;
  const found = oddsRuns(table);
  if (!found) return null;
  const { runs, trials, rowOf, zOf } = found;
  const carry = new Float64Array(1);

  const cellByCell = (j: number, predictor: Float64Array, u: Float64Array): number => {
    let sum = 0;
    for (let i = start[j]!; i < start[j + 1]!; i += 1) {
      let eta = predictor[row[i]!]!;
      for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[j * q + a]!;
      sum += size[i]! * softplus(eta);
    }
    return sum;
  };

  return {
    prepare: (predictor) => fillOdds(predictor, rows),
    add(predictor, u, factors, values, from, to) {
      const largest = predictor[2 * rows]!;
      for (let j = from; j < to; j += 1) {
        let product = 1;
        carry[0] = 0;
        for (let run = runs[j]!, end = runs[j + 1]!; run < end; run += 1) {
          let shift = 0;
          for (let a = 0; a < q; a += 1) shift += zOf[run * q + a]! * u[j * q + a]!;
          const V = exp(shift);
          if (!(V * largest <= LARGEST_ODDS)) {
            product = Number.NaN;
            break;
          }
          product = multiply(product, carry, trials[run]!, trials[run + 1]!, rowOf, predictor, V);
        }
        if (product > 0) {
          factors[j] = factors[j]! / product;
          values[j] = values[j]! - carry[0]!;
        } else {
          values[j] = values[j]! - cellByCell(j, predictor, u);
        }
      }
    },
  };
}

interface OddsRuns {
  /** Length J + 1: the runs of block j, trials of equal z. */
  readonly runs: Int32Array;
  /** Length runs + 1: the trials of each run. */
  readonly trials: Int32Array;
  /** The place of each trial's odds in the array of predictors. */
  readonly rowOf: Int32Array;
  /** runs x q. */
  readonly zOf: Float64Array;
}

function oddsRuns({ n, J, q, rows, start, row, z, size }: CellTable): OddsRuns | null {
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    if (!Number.isInteger(size[i])) return null;
    total += size[i]!;
  }
  if (total > FEW_TRIALS * n) return null;
  const runs = new Int32Array(J + 1);
  const trials: number[] = [];
  const rowOf = new Int32Array(total);
  const zOf: number[] = [];
  let at = 0;
  for (let j = 0; j < J; j += 1) {
    const byZ = new Map<string, number[]>();
    for (let i = start[j]!; i < start[j + 1]!; i += 1) {
      const key = z.subarray(i * q, i * q + q).join();
      const same = byZ.get(key);
      if (same) same.push(i);
      else byZ.set(key, [i]);
    }
    for (const cells of byZ.values()) {
      trials.push(at);
      const first = cells[0]!;
      for (let a = 0; a < q; a += 1) zOf.push(z[first * q + a]!);
      for (const i of cells) for (let k = 0; k < size[i]!; k += 1, at += 1) rowOf[at] = rows + row[i]!;
    }
    runs[j + 1] = trials.length;
  }
  // The functions of runs and rows must cost less than those of the cells.
  if (2 * trials.length > n + J || 2 * rows > 3 * n) return null;
  trials.push(at);
  return { runs, trials: Int32Array.from(trials), rowOf, zOf: Float64Array.from(zOf) };
}

// Arrays as arguments: read from a closure they cost twice as much.

function fillOdds(predictor: Float64Array, rows: number): void {
  let largest = 0;
  for (let d = 0; d < rows; d += 1) {
    const odds = exp(predictor[d]!);
    predictor[rows + d] = odds;
    // Not Math.max of the two alone: a NaN must stay.
    if (!(odds <= largest)) largest = odds;
  }
  predictor[2 * rows] = largest;
}

function multiply(
  start: number,
  carry: Float64Array,
  from: number,
  to: number,
  row: Int32Array,
  odds: Float64Array,
  V: number,
): number {
  let product = start;
  let i = from;
  for (; i + 3 < to; i += 4) {
    const first = (1 + odds[row[i]!]! * V) * (1 + odds[row[i + 1]!]! * V);
    const second = (1 + odds[row[i + 2]!]! * V) * (1 + odds[row[i + 3]!]! * V);
    product *= first * second;
    if (product > LARGEST_PRODUCT) {
      carry[0] = carry[0]! + log(product);
      product = 1;
    }
  }
  for (; i < to; i += 1) product *= 1 + odds[row[i]!]! * V;
  if (product > LARGEST_PRODUCT) {
    carry[0] = carry[0]! + log(product);
    product = 1;
  }
  return product;
}
