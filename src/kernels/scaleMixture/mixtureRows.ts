import type { Design } from '../../design/design.ts';
import type { CoefficientPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { type CrossProducts, gather, scatter } from '../../products/crossProducts.ts';
import { cellTable } from '../cells/cellTable.ts';
import { knownPredictor } from '../cells/knownPredictor.ts';
import { weightedProducts } from '../cells/weightedProducts.ts';
import type { State } from '../kernel.ts';
import { type ArrowMarginalLikelihood, arrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import { followVariances } from '../state/coefficientVariances.ts';

/**
 * The rows of a response of numbers about a reference fit, for samplers whose row precisions change in every sweep.
 * Every array has length n.
 */
export interface MixtureRows {
  readonly n: number;
  /** Precision weights w_i. */
  readonly weight: Float64Array;
  /**
   * The likelihood of the covariances and sigma under the row precisions last given to `fill`, u and beta integrated
   * out.
   */
  readonly likelihood: ArrowMarginalLikelihood;
  /** Length of the working vectors. */
  readonly size: number;
  /** Cross-products of the rows under precisions `omega` in units of 1 / sigma^2. */
  fill(omega: Float64Array): void;
  /** w_i e_i^2 of the residuals e at the working vector x about the reference, to `out`. */
  squares(x: Float64Array, out: Float64Array): void;
  /** Brings the likelihood to the variances that the coefficients' priors have in a state, before rows are filled. */
  follow(state: State): void;
  /** u and beta of the state as a working vector about the reference. */
  read(state: State, x: Float64Array): void;
  /** A working vector about the reference into the state. */
  write(x: Float64Array, state: State): void;
  /** The cross-products, for the working coordinates. */
  readonly products: CrossProducts;
}

/**
 * Lays out the rows of a design. `given` are its cross-products, whose reference fit's population part is taken off the
 * response, so that a response far from 0 costs no digits.
 */
export function mixtureRows(design: Design, given: CrossProducts, prior: CoefficientPriors): MixtureRows {
  const { groupTerms, p } = design;
  // With the weights as sizes the table has the coordinates of the cross-products.
  const table = cellTable(design);
  const { n, J, q, start, row, rows, count, values, columns, z, layout } = table;
  const weighted = weightedProducts(
    table,
    groupTerms.map((term) => ({ J: term.J, q: term.q })),
    p,
    given.populationFits,
  );
  const { products } = weighted;
  const { size } = products;
  const tail = size - layout.pattern.r;
  const reference = given.reference.subarray(size - p);
  const working = workingCoefficientPrior({ ...products, reference: given.reference }, prior);
  const likelihood = arrowMarginalLikelihood(products, working, n);
  const views: Float64Array[] = groupTerms.map(() => new Float64Array(0));
  const names = groupTerms.map(({ factor }) => `u_${factor}`);
  const predictor = new Float64Array(rows);
  const side = new Float64Array(n);
  const known = knownPredictor(table, reference);
  const response = table.y.map((value, i) => value - known[row[i]!]!);
  return {
    n,
    weight: table.size,
    likelihood,
    size,
    products,
    fill(omega) {
      for (let i = 0; i < n; i += 1) side[i] = omega[i]! * response[i]!;
      weighted.fill(omega, side);
      likelihood.refresh();
    },
    squares(x, out) {
      for (let d = 0; d < rows; d += 1) {
        let sum = 0;
        for (let k = d * count; k < (d + 1) * count; k += 1) sum += values[k]! * x[tail + columns[k]!]!;
        predictor[d] = sum;
      }
      for (let j = 0; j < J; j += 1) {
        for (let i = start[j]!; i < start[j + 1]!; i += 1) {
          let e = response[i]! - predictor[row[i]!]!;
          for (let a = 0; a < q; a += 1) e -= z[i * q + a]! * x[j * q + a]!;
          out[i] = table.size[i]! * e * e;
        }
      }
    },
    follow(state) {
      followVariances(working, state);
    },
    read(state, x) {
      for (let f = 0; f < names.length; f += 1) views[f] = state.at[names[f]!]!;
      gather(products, views, state.at['beta']!, x);
      for (let k = 0; k < p; k += 1) x[size - p + k] = x[size - p + k]! - reference[k]!;
    },
    write(x, state) {
      for (let k = 0; k < p; k += 1) x[size - p + k] = x[size - p + k]! + reference[k]!;
      for (let f = 0; f < names.length; f += 1) views[f] = state.at[names[f]!]!;
      scatter(products, x, views, state.at['beta']!);
    },
  };
}
