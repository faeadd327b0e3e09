import { needsRows } from '../../design/needsRows.ts';
import { rowNumbers } from '../../design/rowNumbers.ts';
import { seedValue } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { familyRows } from '../../products/familyRows.ts';
import { createRng } from '../../random/rng.ts';
import { distributionFunction } from './distributionFunction.ts';
import { leftOutRows } from './leftOutRows.ts';
import { structuredPit } from './structuredPit.ts';

/** Where each row lies in its predictive distribution given all other rows. */
export interface LooPit {
  /** Length n, in [0, 1]: uniform if the model is right, U-shaped where it is too sure, a hill where too unsure. */
  readonly pit: Float64Array;
  /** Pareto k of each row's weights; above 0.7 its value is not to be trusted. */
  readonly paretoK: Float64Array;
  /** The number of each row among the rows given, counted from 1. */
  readonly rowNumbers: readonly number[];
  /**
   * What was left out with each row: null for the row alone; where residuals of rows of a group depend on each other,
   * the factor whose groups were left out whole.
   */
  readonly by: string | null;
}

/** Stream of what is drawn of counted responses, beyond the number of any chain. */
const STREAM = 5_000_000;

/**
 * Leave-one-out probability integral transform (Gelfand, Dey & Chang 1992; Gabry et al. 2019, section 5): with w_is the
 * Pareto-smoothed weights of 1 / p(y_i | draw s), sum_s w_is P(Y < y_i | draw s), and of counted responses a uniform
 * share of sum_s w_is P(Y = y_i | draw s) beside (Czado, Gneiting & Held 2009, section 2). Given the deviations of the
 * groups; the row itself is left out, which a `quantile` residual does not do. Where residuals depend on each other
 * a row is placed without the rows of its group (`by`; see `structuredPit`). Throws `draws-not-kept`, `needs-rows`.
 */
export function looPit(fit: Fit, options: { readonly seed?: number } = {}): LooPit {
  checkFit('looPit', fit, 'mcmc');
  checkOptions('looPit', options, { seed: seedValue });
  const { design } = fit;
  if (design.residual) {
    needsRows(design, 'places of rows', 'distinct');
    return { ...structuredPit(fit), rowNumbers: rowNumbers(design) };
  }
  const { family, y, size } = familyRows(design);
  const below: number[] = [];
  const here: number[] = [];
  const out = new Float64Array(2);
  const { index, paretoK: k } = leftOutRows(fit, ({ i, expect }) => {
    expect(distributionFunction({ family, y: y[i]!, size: size[i]! }), out);
    below.push(out[0]!);
    here.push(out[1]!);
  });
  const rng = createRng([options.seed ?? fit.sampling.seed, STREAM]);
  // Equal rows have equal weights, and places of their own within the probability of their count.
  const pit = Float64Array.from(index, (column) => {
    const share = here[column]! > 0 ? rng.uniform() * here[column]! : 0;
    return Math.min(1, below[column]! + share);
  });
  const paretoK = Float64Array.from(index, (column) => k[column]!);
  return { pit, paretoK, rowNumbers: rowNumbers(design), by: null };
}
