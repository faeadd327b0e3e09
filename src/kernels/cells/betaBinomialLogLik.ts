import { exp, log, log1p } from '../../elementary.ts';
import { logRisingFactorial } from '../../special/risingFactorial.ts';
import { logRisingShares } from '../../special/risingShares.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';

/** Up to so many trials of one outcome factors are multiplied. */
const FEW = 24;
/** A chance below this has its logarithm taken by itself, so that no factor is below it. */
const RARE = 1e-20;
/** Where the logarithm of a product is taken: one factor more keeps it above what a block may hand on. */
const LOW = 1e-80;

/**
 * Beta-binomial successes: with mu and nu the chances of success and failure, the log of prod_{k < y} (mu + k / phi)
 * prod_{k < n - y} (nu + k / phi) as one product over the cells of a block where counts are few, by log gamma where
 * they are many. What the trials have of the precision phi alone, -sum_{k < n} log(1 + k / phi), needs no pass.
 */
export function betaBinomialLogLik(table: CellTable): BlockLogLik {
  const { n, q, rows, start, row, y, z, size, copies, layout } = table;
  const counted = new Map<number, number>();
  for (let i = 0; i < n; i += 1) counted.set(size[i]!, (counted.get(size[i]!) ?? 0) + copies[i]!);
  const trials = Float64Array.from(counted.keys());
  const times = trials.map((value) => counted.get(value)!);
  const failures = size.map((value, i) => value - y[i]!);
  return {
    length: rows,
    border: new Float64Array(layout.pattern.r),
    prepare() {},
    constant(precision) {
      let sum = 0;
      for (let i = 0; i < trials.length; i += 1) sum -= times[i]! * logRisingFactorial(trials[i]!, precision);
      return sum;
    },
    add(predictor, u, factors, values, from, to, precision = Infinity) {
      pass(from, to, start, row, predictor, z, q, u, y, failures, copies, precision, factors, values);
    },
  };
}

// Arrays as arguments: read from a closure they cost twice as much.
function pass(
  from: number,
  to: number,
  start: Int32Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  q: number,
  u: Float64Array,
  successes: Float64Array,
  failures: Float64Array,
  copies: Float64Array,
  precision: number,
  factors: Float64Array,
  values: Float64Array,
): void {
  const step = 1 / precision;
  for (let j = from; j < to; j += 1) {
    let sum = 0;
    let product = 1;
    for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
      let eta = predictor[row[i]!]!;
      for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[j * q + a]!;
      const y = successes[i]!;
      const rest = failures[i]!;
      const e = exp(eta < 0 ? eta : -eta);
      const large = 1 / (1 + e);
      const small = e * large;
      const mu = eta < 0 ? small : large;
      const nu = eta < 0 ? large : small;
      if (y <= FEW && rest <= FEW && copies[i] === 1 && small > RARE && step * RARE < 1) {
        for (let k = 0, factor = mu; k < y; k += 1, factor += step) {
          product *= factor;
          if (product < LOW || product > 1 / LOW) {
            sum += log(product);
            product = 1;
          }
        }
        for (let k = 0, factor = nu; k < rest; k += 1, factor += step) {
          product *= factor;
          if (product < LOW || product > 1 / LOW) {
            sum += log(product);
            product = 1;
          }
        }
        continue;
      }
      const near = -log1p(e);
      const far = near - Math.abs(eta);
      sum +=
        copies[i]! *
        (logRisingShares(y, mu, eta < 0 ? far : near, precision) +
          logRisingShares(rest, nu, eta < 0 ? near : far, precision));
    }
    // A NaN predictor stays one.
    factors[j] = factors[j]! * product;
    values[j] = values[j]! + sum;
  }
}
