import type { Variable } from '../../../../diagnostics/chains.ts';
import { ModelError } from '../../../errors.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { drawVariables } from '../../../summary/drawVariables.ts';

/** The parameters asked for, or all but the deviations of groups, which are never drawn unless named. */
export function parametersOf(fit: Fit, selection: readonly string[] | undefined): Variable[] {
  if (selection && selection.length === 0) {
    throw new ModelError('option', 'variables', 'variables: got an empty list; name at least one, as in beta');
  }
  return drawVariables(
    fit,
    selection ?? fit.draws.variables.map(({ name }) => name).filter((name) => !name.startsWith('u_')),
  );
}

/** Bounds of a parameter by its name: standard deviations are positive, correlations lie between -1 and 1. */
export function boundsOf({ name, hint }: Variable): { readonly low?: number; readonly high?: number } {
  if (hint === 'scale' || name === 'nu' || name === 'shape' || name === 'precision') return { low: 0 };
  return name.startsWith('corr_') ? { low: -1, high: 1 } : {};
}

/** The name, with `1` for `Intercept` where it has more than 22 characters. */
export function shortName(name: string): string {
  return name.length > 22 ? name.replace(/\bIntercept\b/g, '1') : name;
}
