import type { Variable as NamedChains } from '../../diagnostics/chains.ts';
import { ModelError } from '../errors.ts';
import { checkFit } from '../input/checkFit.ts';
import { labelOf } from '../input/labelOf.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';
import { scalarChains } from '../mcmc/draws.ts';
import { drawsNotKept } from '../mcmc/drawsNotKept.ts';
import type { Fit } from '../mcmc/fit.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { drawCount, groupDraws } from './groupDraws.ts';

/**
 * The draws of a fit as the diagnostics take them: flat names (`beta[floor]`, `u_county[AITKIN,floor]`), one view per
 * chain, standard deviations marked as scales. `selection` names one or several, variables (`beta`, `u_county`, and
 * `b_county`, the group coefficients) or single quantities (`tau_county[floor]`) in the order wanted; without it,
 * everything the fit holds. Throws `unknown-variable`, naming what there is, and `draws-not-kept`.
 */
export function drawVariables(fit: Fit, selection?: string | readonly string[]): NamedChains[] {
  checkFit('drawVariables', fit, 'mcmc');
  if (selection === undefined) return fit.draws.variables.flatMap((variable) => held(fit, variable.name));
  const names: unknown = typeof selection === 'string' ? [selection] : selection;
  if (!Array.isArray(names)) {
    throw new ModelError(
      'unknown-variable',
      'drawVariables',
      `drawVariables: expected the name of a quantity, as in 'beta[x]', or an array of names, not ${quote(names)}`,
    );
  }
  return names.flatMap((name) => select(fit, name));
}

function select(fit: Fit, name: string): NamedChains[] {
  const whole = fit.draws.variables.some((variable) => variable.name === name) ? held(fit, name) : derived(fit, name);
  if (whole.length > 0) return whole;
  const variables = [
    ...fit.draws.variables.map((variable) => variable.name),
    ...fit.design.groupTerms.map(({ factor }) => `b_${factor}`),
  ];
  const home = variables.filter((variable) => typeof name === 'string' && name.startsWith(`${variable}[`));
  const scalars = home.flatMap((variable) => [...held(fit, variable), ...derived(fit, variable)]);
  const found = scalars.find((scalar) => scalar.name === name);
  if (found) return [found];
  const away = fit.design.groupTerms.find(
    ({ factor }) => name === `u_${factor}` || home.includes(`u_${factor}`) || String(name).startsWith(`u_${factor}[`),
  );
  const fault = away && drawsNotKept(fit, `u_${away.factor}`);
  if (fault) throw fault;
  const near = nearestNames(
    String(name),
    scalars.map((scalar) => scalar.name),
  );
  const [meant] = near.length > 0 ? [] : labelled(fit, labelOf(String(name)));
  const hint = meant === undefined ? '' : `did you mean ${quote(meant)}? It holds `;
  const there =
    near.length > 0 ? `the nearest are ${near.join(', ')}` : `${hint || 'it holds '}${variables.join(', ')}`;
  throw new ModelError('unknown-variable', String(name), `the fit has no quantity ${quote(name)}; ${there}`);
}

/** Quantities that are no group's and have this label in their brackets: `beta[floor]`, `tau_county[floor]`. */
function labelled(fit: Fit, label: string): string[] {
  const scalars = fit.draws.variables.filter(({ name }) => !name.startsWith('u_')).flatMap(scalarNames);
  return scalars.filter((scalar) => scalar.endsWith(`[${label}]`));
}

function held(fit: Fit, name: string): NamedChains[] {
  const variable = fit.draws.variables.find((candidate) => candidate.name === name);
  if (variable === undefined) return [];
  const scale = name === 'sigma' || fit.design.groupTerms.some(({ factor }) => name === `tau_${factor}`);
  return scalarNames(variable).map((scalar, i) => ({
    name: scalar,
    chains: scalarChains(fit.draws, variable.offset + i),
    ...(scale ? { hint: 'scale' as const } : {}),
  }));
}

/** The draws of b_<factor>, J x q quantities. */
function derived(fit: Fit, name: string): NamedChains[] {
  const f = fit.design.groupTerms.findIndex(({ factor }) => name === `b_${factor}`);
  if (f < 0) return [];
  const draws = groupDraws(fit, f);
  const { levels, labels } = draws.term;
  return levels.flatMap((level, j) =>
    labels.map((label, k) => {
      const b = new Float64Array(drawCount(fit));
      draws.coefficient(j, k, b);
      const { chains, iterations } = fit.draws;
      return {
        name: `${name}[${level},${label}]`,
        chains: Array.from({ length: chains }, (_, c) => b.subarray(c * iterations, (c + 1) * iterations)),
      };
    }),
  );
}
