import { ModelError } from '../errors.ts';
import { checkFit } from '../input/checkFit.ts';
import { quote } from '../input/quote.ts';
import type { Fit } from '../mcmc/fit.ts';
import { drawVariables } from './drawVariables.ts';

/**
 * The draws of one quantity (`beta[floor]`, `tau_county[Intercept]`, `b_county[AITKIN,floor]`, `sigma`), an array of S
 * draws per chain.
 * Throws `unknown-variable` for a name that the fit has not or that is of several quantities.
 */
export function draws(fit: Fit, name: string): Float64Array[];
/**
 * All draws as columns of one length, for any library of data frames: `chain` and `iteration`, both from 1, and a
 * column for every quantity, chain after chain.
 */
export function draws(fit: Fit): Record<string, Float64Array>;
export function draws(fit: Fit, name?: string): Float64Array[] | Record<string, Float64Array> {
  checkFit('draws', fit, 'mcmc');
  if (name === undefined) return columns(fit);
  if (typeof name !== 'string') {
    throw new ModelError('unknown-variable', 'draws', `draws: expected the name of a quantity, not ${quote(name)}`);
  }
  const found = drawVariables(fit, [name]);
  if (found.length === 1) return found[0]!.chains.map((chain) => Float64Array.from(chain));
  const some = found.slice(0, 3).map((variable) => quote(variable.name));
  throw new ModelError(
    'unknown-variable',
    name,
    `draws: ${quote(name)} is ${found.length} quantities; name one of them, as ${some.join(', ')}, or use drawVariables`,
  );
}

function columns(fit: Fit): Record<string, Float64Array> {
  const { chains, iterations } = fit.draws;
  const numbers = (of: (c: number, i: number) => number): Float64Array =>
    Float64Array.from({ length: chains * iterations }, (_, s) => of(Math.floor(s / iterations), s % iterations));
  const table: [string, Float64Array][] = [
    ['chain', numbers((c) => c + 1)],
    ['iteration', numbers((_, i) => i + 1)],
  ];
  for (const variable of drawVariables(fit)) {
    table.push([variable.name, numbers((c, i) => variable.chains[c]![i]!)]);
  }
  return Object.fromEntries(table);
}
