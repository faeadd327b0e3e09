import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';
import { scalarDraws } from '../mcmc/draws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { layout, scalarNames } from '../mcmc/layout.ts';
import { betaDraws, drawCount, groupDraws, variableOf } from './groupDraws.ts';

/**
 * One number of a model by its name: a coefficient, a deviation or a coefficient of a group, or a parameter of
 * variation.
 */
export type Quantity =
  | { readonly kind: 'beta'; readonly column: number }
  | { readonly kind: 'u' | 'b'; readonly f: number; readonly j: number; readonly k: number }
  /** `tau_county[floor]`, `corr_county[Intercept,floor]`, `sigma`, `nu`: position within its variable. */
  | { readonly kind: 'variation'; readonly name: string; readonly variable: string; readonly position: number };

/**
 * The quantity of that name: a scalar of the draws (`beta[floor]`, `tau_county[Intercept]`, `u_county[AITKIN,floor]`,
 * `sigma`), a coefficient of a group (`b_county[AITKIN,floor]`), or a coefficient by its label alone (`floor`; the
 * parts of an interaction in any order). A name of the draws comes before a label. Throws `unknown-variable`.
 */
export function findQuantity(design: Design, name: string): Quantity {
  const labels = design.columns.map(({ label }) => label);
  const tidy = name.replace(/\s*,\s*/g, ',');
  for (const spelled of tidy === name ? [name] : [name, tidy]) {
    const found = scalar(design, spelled);
    if (found !== null) return found;
  }
  const column = labels.findIndex((label) => label === name || sameParts(label, name));
  if (column >= 0) return { kind: 'beta', column };
  throw unknownQuantity(design, name);
}

/** The S draws of a quantity, chain after chain: a view where the fit holds them. */
export function quantityDraws(fit: Fit, quantity: Quantity): Float64Array {
  switch (quantity.kind) {
    case 'beta':
      return betaDraws(fit, quantity.column);
    case 'u':
      return groupDraws(fit, quantity.f).u(quantity.j, quantity.k);
    case 'b': {
      const out = new Float64Array(drawCount(fit));
      groupDraws(fit, quantity.f).coefficient(quantity.j, quantity.k, out);
      return out;
    }
    case 'variation':
      return scalarDraws(fit.draws, variableOf(fit, quantity.variable).offset + quantity.position);
  }
}

function scalar(design: Design, name: string): Quantity | null {
  for (const variable of layout(design)) {
    const { name: own } = variable;
    const f = design.groupTerms.findIndex(({ factor }) => own === `u_${factor}`);
    const derived = f >= 0 ? `b_${own.slice(2)}` : null;
    const isDerived = derived !== null && name.startsWith(`${derived}[`);
    if (name !== own && !name.startsWith(`${own}[`) && !isDerived) continue;
    const position = scalarNames(variable).indexOf(isDerived ? own + name.slice(derived.length) : name);
    if (position < 0) continue;
    if (own === 'beta') return { kind: 'beta', column: position };
    if (f < 0) return { kind: 'variation', name, variable: own, position };
    const { q } = design.groupTerms[f]!;
    return { kind: isDerived ? 'b' : 'u', f, j: Math.floor(position / q), k: position % q };
  }
  return null;
}

function sameParts(label: string, name: string): boolean {
  if (!label.includes(':') || label.length !== name.length) return false;
  return label.split(':').sort().join(':') === name.split(':').sort().join(':');
}

function unknownQuantity(design: Design, name: string): ModelError {
  const scalars = layout(design).flatMap((variable) => {
    const names = scalarNames(variable);
    if (!variable.name.startsWith('u_')) return names;
    return name.startsWith('u_') ? names : names.map((text) => `b_${text.slice(2)}`);
  });
  const labels = design.columns.map(({ label }) => label);
  const near = nearestNames(name, [...labels, ...scalars], 4).map(quote);
  const message = `the fit has no quantity ${quote(name)}; the nearest are ${near.join(', ')}`;
  return new ModelError('unknown-variable', name, message);
}
