import { correlationPairs } from '../design/correlationPairs.ts';
import type { Design } from '../design/design.ts';
import { familyOf } from '../families/familyOf.ts';
import { estimatedParameter } from '../families/ownParameter.ts';
import { thresholdLabels } from '../families/thresholdLabels.ts';
import { correlationName } from '../graph/correlationName.ts';
import type { State } from '../kernels/kernel.ts';
import { correlationLabels } from '../residual/correlationLabels.ts';
import type { Variable } from './draws.ts';

/**
 * The monitored variables of a model in the order of the draws: beta, then tau, corr and u of each factor, then sigma,
 * nu, shape, precision and thresholds where the model has them, phi or rho and delta of the residuals, omega and delta
 * of the groups with sds of their own; with a residual sd at each occasion sigma holds them all.
 */
export function layout(design: Design): readonly Variable[] {
  const variables: Variable[] = [];
  let offset = 0;
  const add = (name: string, dims: readonly string[], coords: readonly (readonly string[])[]): void => {
    const size = coords.reduce((product, labels) => product * labels.length, 1);
    variables.push({ name, dims, coords, offset, size });
    offset += size;
  };
  add('beta', ['term'], [design.columns.map((column) => column.label)]);
  for (const { factor, blocks, labels, levels } of design.groupTerms) {
    add(`tau_${factor}`, [`${factor}_term`], [labels]);
    const pairs = correlationPairs(blocks).map(({ first, second }) => `${labels[first]},${labels[second]}`);
    if (pairs.length > 0) add(`corr_${factor}`, [`${factor}_pair`], [pairs]);
    add(`u_${factor}`, [factor, `${factor}_term`], [levels, labels]);
  }
  const parameter = estimatedParameter(design);
  const { groups, sigma, sigmaGroups } = design.residual ?? {};
  const occasions = groups?.structure === 'unstructured' ? groups.occasions : null;
  if (familyOf(design).sigma !== null && !design.response.standardErrors) {
    if (occasions) add('sigma', ['occasion'], [occasions]);
    else add('sigma', [], []);
  }
  if (parameter !== null) add(parameter, [], []);
  if (design.response.levels) add('threshold', ['between'], [thresholdLabels(design.response.levels)]);
  const correlation = groups && correlationName(groups.structure);
  if (correlation) add(correlation, [], []);
  else if (groups) add('rho', [occasions ? 'occasion_pair' : 'steps'], [correlationLabels(groups)]);
  if (sigma) add('delta', ['sigma_term'], [sigma.labels]);
  if (sigmaGroups) {
    add(`omega_${sigmaGroups.factor}`, [], []);
    add(`delta_${sigmaGroups.factor}`, [sigmaGroups.factor], [sigmaGroups.levels]);
  }
  return variables;
}

/** How many scalars a layout monitors. */
export function layoutSize(variables: readonly Variable[]): number {
  return variables.reduce((sum, variable) => sum + variable.size, 0);
}

/** Statistics of the kernels' steps as variables: scalars of these names. */
export function statVariables(names: readonly string[]): readonly Variable[] {
  return names.map((name, offset) => ({ name, dims: [], coords: [], offset, size: 1 }));
}

/** A state with every monitored value at zero and nothing latent. */
export function emptyState(variables: readonly Variable[]): State {
  const position = new Float64Array(layoutSize(variables));
  const at = Object.fromEntries(
    variables.map(({ name, offset, size }) => [name, position.subarray(offset, offset + size)]),
  );
  return { position, at, latent: {} };
}

/** The flat names of a variable's scalars, row-major: `beta[floor]`, `u_county[AITKIN,floor]`, `sigma`. */
export function scalarNames(variable: Variable): string[] {
  let labels: string[] = [''];
  variable.coords.forEach((dimension, d) => {
    labels = labels.flatMap((before) => dimension.map((label) => (d === 0 ? label : `${before},${label}`)));
  });
  return variable.dims.length === 0 ? [variable.name] : labels.map((label) => `${variable.name}[${label}]`);
}
