import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { correlationName } from '../graph/correlationName.ts';
import type { StructureName } from '../graph/node.ts';
import type { SdPrior } from '../graph/priorKinds.ts';
import { halfNormal, isScalePrior, type Prior, scalePriorNames } from '../graph/priors.ts';
import { lowestCorrelation } from '../residual/lowestCorrelation.ts';
import { sdClasses } from '../residual/sdClasses.ts';

/**
 * The priors of residuals that are not independent with one sigma, whose own prior is on the sd at the means of
 * delta's columns.
 */
export interface ResidualPriors {
  /** Uniform on (low, high), by the name of the correlation; null without a structure. */
  readonly correlation: {
    readonly name: string;
    readonly low: number;
    readonly high: number;
    readonly from: string;
  } | null;
  /**
   * Of several correlations: of those of occasions lkj(eta), each occasion's sd having the prior of sigma; of those by
   * steps each partial autocorrelation uniform on (-1, 1). Absent where there is one or none.
   */
  readonly correlations?:
    | { readonly kind: 'lkj'; readonly eta: number; readonly from: string }
    | { readonly kind: 'partial'; readonly from: string };
  /** Normal, independent: of each column of sigma the change of log sigma a unit. */
  readonly delta: readonly {
    readonly label: string;
    readonly mean: number;
    readonly sd: number;
    readonly from: string;
  }[];
  /** Of the sd of the log sds of groups, omega_<factor>; absent where sigma varies by none. */
  readonly omega?: { readonly name: string; readonly prior: OmegaPrior; readonly from: string };
}

/** The name of the log sds of groups that omega is the sd of: `delta_<factor>` of `omega_<factor>`. */
export function logSdsOf({ name }: NonNullable<ResidualPriors['omega']>): string {
  return name.replace(/^omega_/u, 'delta_');
}

/** A proper prior of one sd. */
export type OmegaPrior = Exclude<SdPrior, { readonly distribution: 'default' | 'flat' }>;

/**
 * The priors in force of the parameters of the residuals: `phi` (`rho`) uniform on all it may be, or on a part of it;
 * `delta[x]` over `delta` over the default normal(0, 1 / (2 sd of x)), free of the unit of x: an even 0/1 column has
 * normal(0, 1); `omega_<factor>` half-normal(1): two groups in three have an sd within a factor of e of sigma or less.
 * Throws `prior-kind` for another kind, `improper-prior` for an interval that holds no correlation and for an omega
 * without a proper prior, `invalid-prior` for an interval that begins below all that a correlation may be,
 * `residual-sd` for a column of sigma so far from 0 that sigma, the sd where it is 0, has no number.
 */
export function residualPriors(design: Design, prior: (name: string) => Prior | undefined): ResidualPriors | null {
  const { residual, n } = design;
  if (!residual) return null;
  const { groups, sigma, sigmaGroups } = residual;
  const name = groups && correlationName(groups.structure);
  const { scale, centre } = sdClasses(n, sigma);
  sigma?.labels.forEach((label, k) => {
    if (Math.abs(centre[k]!) > FARTHEST * scale[k]!) throw tooFar(label, centre[k]!, scale[k]!);
  });
  const common = prior('delta');
  return {
    correlation: groups && name ? correlationPrior(name, lowestCorrelation(groups), prior(name)) : null,
    ...(groups && !name ? { correlations: correlationsPrior(groups.structure, prior('rho')) } : {}),
    delta: (sigma?.labels ?? []).map((label, k) => {
      const own = prior(`delta[${label}]`);
      const node = own ?? common;
      const from = own ? `delta[${label}]` : 'delta';
      if (!node || node.distribution === 'default') return { label, mean: 0, sd: 1 / (2 * scale[k]!), from: 'default' };
      if (node.distribution !== 'normal') throw wrongKind(from, node, 'a change of log sigma takes normal(mean, sd)');
      return { label, mean: node.mean, sd: node.sd, from };
    }),
    ...(sigmaGroups ? { omega: omegaPrior(`omega_${sigmaGroups.factor}`, prior) } : {}),
  };
}

/**
 * Sds of a column of sigma between its mean and 0 beyond which sigma, the residual sd where it is 0, may have no
 * double: with delta at the sd of its default prior it is exp(690) times the one at the mean, or its inverse.
 */
const FARTHEST = 1380;

function tooFar(label: string, mean: number, sd: number): ModelError {
  const from = Number(mean.toPrecision(3));
  const term = label.replace(/^I\((.*)\)$/u, '$1');
  return new ModelError(
    'residual-sd',
    'sigma',
    `sigma: "${label}" lies ${(Math.abs(mean) / sd).toPrecision(2)} of its sds from 0, and sigma is the residual sd where it is 0, which no number holds; take it from about its mean, as in I(${term} ${from < 0 ? '+' : '-'} ${Math.abs(from)})`,
  );
}

function omegaPrior(name: string, prior: (name: string) => Prior | undefined): NonNullable<ResidualPriors['omega']> {
  const node = prior(name);
  if (!node || node.distribution === 'default') {
    return { name, prior: halfNormal(1), from: 'default' };
  }
  if (!isScalePrior(node)) throw wrongKind(name, node, `the sd of log sds takes ${scalePriorNames}`);
  const own = node as Exclude<SdPrior, { readonly distribution: 'default' }>;
  const limit = own.distribution === 'inverseGamma' && !(own.shape > 0 && own.scale > 0);
  if (own.distribution !== 'flat' && !limit) return { name, prior: own, from: name };
  throw new ModelError(
    'improper-prior',
    name,
    `${name} has an improper prior (${own.distribution}), and an sd of log sds needs a proper one, as half_normal(1)`,
  );
}

function correlationPrior(name: string, low: number, node: Prior | undefined): ResidualPriors['correlation'] {
  if (!node || node.distribution === 'default') return { name, low, high: 1, from: 'default' };
  if (node.distribution !== 'uniform') throw wrongKind(name, node, 'a correlation takes uniform(low, high)');
  const given = `${name} has the prior uniform(${node.low}, ${node.high})`;
  const range = `${name} lies between ${Number(low.toPrecision(6))} and 1`;
  if (Math.max(low, node.low) >= Math.min(1, node.high))
    throw new ModelError('improper-prior', name, `${given}, which holds no correlation; ${range}`);
  if (node.low < low)
    throw new ModelError('invalid-prior', name, `${given}, which begins below all it may be; here ${range}`);
  return { name, low: node.low, high: Math.min(1, node.high), from: name };
}

function correlationsPrior(
  structure: StructureName,
  node: Prior | undefined,
): NonNullable<ResidualPriors['correlations']> {
  // A graph gives those by steps no other prior.
  if (structure === 'toeplitz') return { kind: 'partial', from: 'default' };
  const kind = 'lkj';
  if (!node || node.distribution === 'default') return { kind, eta: 1, from: 'default' };
  if (node.distribution !== 'lkj') throw wrongKind('rho', node, 'a matrix of correlations takes lkj(eta)');
  return { kind, eta: node.eta, from: 'rho' };
}

function wrongKind(name: string, { distribution }: Prior, accepted: string): ModelError {
  return new ModelError('prior-kind', name, `${name} has the prior ${distribution}; ${accepted}`);
}
