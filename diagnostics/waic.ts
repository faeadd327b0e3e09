import { logSumExp } from '../src/special/logSumExp.ts';
import {
  checkLogLikelihood,
  type Estimate,
  type LogLikelihood,
  observationColumn,
  sumWithError,
} from './logLikelihood.ts';
import { variance } from './moments.ts';

/** Widely applicable information criterion of one model. */
export interface Waic {
  readonly kind: 'waic';
  /** Expected log pointwise predictive density, effective number of parameters, and -2 elpd. */
  readonly elpd: Estimate;
  readonly p: Estimate;
  readonly ic: Estimate;
  /** One value per observation (N each). */
  readonly pointwise: Readonly<Record<'elpd' | 'p' | 'ic', Float64Array>>;
  /** Observations (counted from 0) with p above 0.4, where WAIC is unreliable and `loo` is to be preferred. */
  readonly above: readonly number[];
}

/** p_i above which WAIC is unreliable (Vehtari, Gelman & Gabry 2017). */
const LARGEST_P = 0.4;

/**
 * WAIC: elpd_i = log mean_s p(y_i | s) - p_i with p_i = var_s log p(y_i | s) (denominator S - 1), ic_i = -2 elpd_i, and
 * their sums (Watanabe 2010; Vehtari, Gelman & Gabry 2017; R's `loo::waic`). Prefer `loo`, which knows when it fails.
 *
 * Input as for `loo`. Throws DiagnosticsError `bad-shape`, `not-finite`.
 */
export function waic(logLik: LogLikelihood): Waic {
  const { draws, observations } = checkLogLikelihood(logLik);
  const make = () => new Float64Array(observations);
  const pointwise = { elpd: make(), p: make(), ic: make() };
  const column = new Float64Array(draws);
  for (let i = 0; i < observations; i++) {
    observationColumn(logLik, i, column);
    pointwise.p[i] = variance(column);
    pointwise.elpd[i] = logSumExp(column) - Math.log(draws) - pointwise.p[i]!;
    pointwise.ic[i] = -2 * pointwise.elpd[i]!;
  }
  return {
    kind: 'waic',
    elpd: sumWithError(pointwise.elpd),
    p: sumWithError(pointwise.p),
    ic: sumWithError(pointwise.ic),
    pointwise,
    above: [...pointwise.p.keys()].filter((i) => pointwise.p[i]! > LARGEST_P),
  };
}
