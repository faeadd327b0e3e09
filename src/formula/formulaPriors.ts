import { ModelError } from '../errors.ts';
import { FAMILY_PARAMETERS, type FamilyParameter } from '../families/family.ts';
import { correlationName } from '../graph/correlationName.ts';
import type { ResidualStructure } from '../graph/node.ts';
import { notBelowZero } from '../graph/priorParameters.ts';
import { defaultPrior, isScalePrior, type Prior, scalePriorNames, separation } from '../graph/priors.ts';
import { readPrior } from '../graph/readNode.ts';
import { labelOf } from '../input/labelOf.ts';
import { likelyNames, nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';
import type { Term } from './expression.ts';
import type { GroupPart } from './groupPart.ts';
import { parseTerm, termKey } from './terms.ts';

/** The parts of a model that have priors. */
export interface PriorPlaces {
  readonly population: boolean;
  readonly groups: readonly GroupPart[];
  /** Why the model has no sigma; undefined where it has one. */
  readonly noSigma: string | undefined;
  /** Why the model has no thresholds; undefined where it has them. */
  readonly noThreshold: string | undefined;
  /** Why the model has not a parameter of families to estimate; undefined where it has it. */
  readonly absent: Readonly<Record<FamilyParameter, string | undefined>>;
  /** The structure of the residuals, and whether their sd depends on terms. */
  readonly residual?: ResidualStructure | undefined;
  readonly delta?: boolean;
  /** The factor by whose levels it varies. */
  readonly sigmaBy?: string | undefined;
  /** The terms whose labels may stand in brackets: a label that spells one of them otherwise is set right. */
  readonly terms: readonly Term[];
}

/**
 * The prior nodes of a formula's graph, by name: those given by the names of the glossary (`beta`, `beta[x]`,
 * `gamma_<factor>`, `sigma`, `nu`, `shape`, `precision`, `threshold`, `phi`, `rho`, `delta`, `delta[x]`,
 * `omega_<factor>`, `tau_<factor>`, `tau_<factor>[x]`, `corr_<factor>`, `Sigma_<factor>`), the rest default. `tau_` and
 * `corr_` make one `separation` prior on Sigma, or the prior of the one sd; `beta` holds for gamma too where that is
 * default, and stands by itself where all columns belong to level-2 regressions. Throws `unknown-prior`,
 * `conflicting-priors`, `invalid-prior`, `invalid-node`.
 */
export function formulaPriors(places: PriorPlaces, given: Readonly<Record<string, Prior>>): ReadonlyMap<string, Prior> {
  const { groups } = places;
  const read = new Map<string, Prior>();
  for (const [name, prior] of Object.entries(given)) {
    const canonical = canonicalName(name, places);
    if (read.has(canonical))
      throw new ModelError('conflicting-priors', name, `priors: ${quote(canonical)} is given twice`);
    read.set(canonical, readPrior(`priors[${quote(name)}]`, prior));
  }
  for (const { factor } of groups) checkSeparate(factor, groups, read);

  const nodes = new Map<string, Prior>();
  const place = (name: string, fallback: Prior = defaultPrior()): void => {
    nodes.set(name, read.get(name) ?? fallback);
  };
  if (places.population) place('beta');
  for (const part of groups) {
    if (part.level2 !== undefined) place(`gamma_${part.factor}`);
    place(`Sigma_${part.suffix}`, separate(part, read));
  }
  if (places.noSigma === undefined) place('sigma');
  if (places.noThreshold === undefined) place('threshold');
  for (const parameter of parameters(places)) place(parameter);
  for (const [name, prior] of read) {
    const override =
      name === 'beta' || name.startsWith('gamma_') || name.endsWith(']') || residualNames(places).includes(name);
    if (override && !nodes.has(name)) nodes.set(name, prior);
  }
  return nodes;
}

/** The parameters of the residuals that have priors. */
function residualNames({ residual, delta, sigmaBy }: PriorPlaces): string[] {
  const correlation = residual && (correlationName(residual.structure) ?? 'rho');
  return [
    ...(correlation ? [correlation] : []),
    ...(delta ? ['delta'] : []),
    ...(sigmaBy === undefined ? [] : [`omega_${sigmaBy}`]),
  ];
}

/** The parameters of families that the model has. */
function parameters({ absent }: PriorPlaces): FamilyParameter[] {
  return FAMILY_PARAMETERS.filter((parameter) => absent[parameter] === undefined);
}

/** The prior of Sigma that tau_ and corr_ make, if either is given. */
function separate(part: GroupPart, given: ReadonlyMap<string, Prior>): Prior | undefined {
  const tau = given.get(`tau_${part.factor}`);
  const corr = given.get(`corr_${part.factor}`);
  const labelled = [...given.keys()].some((name) => name.startsWith(`tau_${part.factor}[`));
  if (tau === undefined && corr === undefined && !labelled) return undefined;
  const matrix = part.terms.length > 1 || (corr !== undefined && mayCorrelate(part));
  if (part.structure === 'diagonal' || !matrix) return tau;
  return separation({ tau: tau ?? defaultPrior(), corr: corr ?? defaultPrior() });
}

/** Whether the part has, or by the levels of a factor may have, several correlated columns. */
function mayCorrelate(part: GroupPart): boolean {
  return part.structure === 'full' && (part.terms.length > 1 || part.terms[0]!.atoms.length > 0);
}

function checkSeparate(factor: string, groups: readonly GroupPart[], given: ReadonlyMap<string, Prior>): void {
  const parts = groups.filter((part) => part.factor === factor);
  const whole = parts.map((part) => `Sigma_${part.suffix}`).find((name) => given.has(name));
  const apart = [...given.keys()].find(
    (name) => name === `tau_${factor}` || name === `corr_${factor}` || name.startsWith(`tau_${factor}[`),
  );
  if (whole !== undefined && apart !== undefined) {
    const sentence = `priors: give ${quote(whole)} (sds and correlations in one) or ${quote(apart)} (apart), not both`;
    throw new ModelError('conflicting-priors', apart, sentence);
  }
  for (const [name, prior] of given) {
    if (name !== `tau_${factor}` && !name.startsWith(`tau_${factor}[`)) continue;
    if (!isScalePrior(prior)) throw invalid(name, `the prior of one sd: ${scalePriorNames}`, prior);
    notBelowZero(`priors: ${quote(name)}`, 'a standard deviation', prior);
  }
  const corr = given.get(`corr_${factor}`);
  if (corr === undefined) return;
  if (corr.distribution !== 'lkj' && corr.distribution !== 'default') throw invalid(`corr_${factor}`, 'lkj(eta)', corr);
  if (!parts.some(mayCorrelate)) {
    const sentence = `priors: there is no correlation for ${quote(`corr_${factor}`)}: no two coefficients vary together by ${factor}`;
    throw new ModelError('unknown-prior', `corr_${factor}`, sentence);
  }
}

function invalid(name: string, accepted: string, prior: Prior): ModelError {
  return new ModelError('invalid-prior', name, `priors: ${quote(name)} must be ${accepted}, not ${prior.distribution}`);
}

/**
 * The name of a prior with the label in its brackets spelled as the model spells it; throws where the model has no such
 * prior.
 */
function canonicalName(name: string, places: PriorPlaces): string {
  const { groups } = places;
  const coefficients = places.population || groups.some((part) => part.level2 !== undefined);
  const plain = new Set<string>();
  const labelled = new Set<string>();
  if (coefficients) labelled.add('beta');
  if (coefficients) plain.add('beta');
  for (const { factor, suffix } of groups) {
    if (coefficients) plain.add(`gamma_${factor}`);
    plain.add(`tau_${factor}`).add(`corr_${factor}`).add(`Sigma_${suffix}`);
    labelled.add(`tau_${factor}`);
  }
  if (places.noSigma === undefined) plain.add('sigma');
  if (places.noThreshold === undefined) plain.add('threshold');
  for (const parameter of parameters(places)) plain.add(parameter);
  for (const own of residualNames(places)) plain.add(own);
  if (places.delta) labelled.add('delta');
  const trimmed = name.trim();
  if (plain.has(trimmed)) return trimmed;
  for (const base of labelled) {
    if (!trimmed.startsWith(`${base}[`) || !trimmed.endsWith(']')) continue;
    const label = trimmed.slice(base.length + 1, -1).trim();
    if (label !== '') return `${base}[${canonicalLabel(label, places.terms)}]`;
  }
  const accepted = [...plain, ...[...labelled].map((base) => `${base}[column]`)];
  const reasons = new Map(Object.entries({ sigma: places.noSigma, threshold: places.noThreshold, ...places.absent }));
  const absent = reasons.get(trimmed);
  const reason = absent === undefined ? '' : ` (${absent})`;
  const list = nearestNames(trimmed, accepted, 12).join(', ');
  const meant = likelyPrior(trimmed, places, accepted);
  const hint = meant === undefined ? 'accepted' : `did you mean ${quote(meant)}? Accepted`;
  throw new ModelError('unknown-prior', name, `priors: the model has no ${quote(name)}${reason}; ${hint}: ${list}`);
}

/** What other programs call our priors of the first group, and of the coefficients. */
const SYNONYMS: readonly (readonly [RegExp, string])[] = [
  [/^(?:b|fixef|fixed|coef)$/i, 'beta'],
  [/^(?:sd|sds|tau|stdev|ranef)$/i, 'tau_'],
  [/^(?:cor|corr|l|omega|lkj)$/i, 'corr_'],
  [/^(?:residual|sigma_y|epsilon)$/i, 'sigma'],
];

/** The prior that a name was likely to mean: that of the coefficient it is the label of, or what others call so. */
function likelyPrior(name: string, places: PriorPlaces, accepted: readonly string[]): string | undefined {
  const label = labelOf(name);
  const isLabel = label === 'Intercept' || places.terms.some((term) => term.label === label);
  if (isLabel && accepted.includes('beta[column]')) return `beta[${label}]`;
  const ours = SYNONYMS.find(([others]) => others.test(name))?.[1];
  if (ours !== undefined) return accepted.find((own) => own === ours || (ours.endsWith('_') && own.startsWith(ours)));
  if (name.length < 3) return undefined;
  return likelyNames(
    name,
    accepted.filter((own) => !own.endsWith('[column]')),
    1,
  )[0];
}

function canonicalLabel(label: string, terms: readonly Term[]): string {
  if (label === '1' || label === '(Intercept)') return 'Intercept';
  let term: Term;
  try {
    term = parseTerm(label);
  } catch (error) {
    // The label of a column need not be a term: a level follows its factor, as in `factor(x)b`.
    if (error instanceof ModelError) return label;
    throw error;
  }
  return terms.find((known) => termKey(known) === termKey(term))?.label ?? term.label;
}
