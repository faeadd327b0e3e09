import { type FormulaOptions, formula } from '../../../src/formula/formula.ts';
import { normal, type Prior } from '../../../src/graph/priors.ts';
import { type Plan, plan } from '../../../src/mcmc/plan.ts';
import type { BlockPrior, ScalePrior } from '../../../src/priors/priors.ts';
import type { DirectionPrior, ModelBlock, PosteriorModel } from '../../oracle/posterior/posteriorModel.ts';
import { type Chance, chance } from '../chance.ts';
import { type FuzzKind, fuzzKinds } from './fuzzKinds.ts';
import { randomBlock, randomScale } from './randomPrior.ts';
import { type RandomRows, randomRows } from './randomRows.ts';

/** A small model with its data: as the product is given it, and the same written down for the oracle. */
export interface RandomModel {
  readonly kind: string;
  readonly seed: number;
  readonly formula: string;
  readonly options: FormulaOptions;
  readonly rows: Readonly<Record<string, readonly (number | string)[]>>;
  /** What is special about it, for a reader. */
  readonly tags: readonly string[];
  /** Sds that have one and the same posterior, for the model is symmetric in them. */
  readonly equal: readonly string[];
  /** For the oracle. Default priors are taken from the plan (those alone); throws what planning throws. */
  oracle(): PosteriorModel;
}

/** Tells this generator's streams from every other use of the same seed. */
const STREAM = 20261;

/** The model of a seed (a whole number >= 0): the same for ever, as long as the generator is. */
export function randomModel(kind: FuzzKind, seed: number): RandomModel {
  const stream = chance([STREAM, fuzzKinds.indexOf(kind), seed]);
  const data = randomRows(stream, kind);
  const { n, factors, predictors, varying, y, offset } = data;
  const { family } = kind;
  const continuous = family === 'gaussian' || family === 'student';
  const names = predictors.map((_, k) => `x${k + 1}`);
  const spread = continuous ? sd(y.map((value, i) => value - (offset?.[i] ?? 0))) || 1 : 1;
  const priors: Record<string, Prior> = {};
  const tags = [...data.tags];

  const labels = ['Intercept', ...names];
  const X = y.map((_, i) => [1, ...predictors.map((x) => x[i]!)]);
  const coefficients = randomCoefficients(stream, labels, X, continuous, spread, y[0]!, priors);

  const signs = data.tags.includes('sign');
  const copies = signs || data.tags.some((tag) => tag === 'copy' || tag === 'two copies');
  const diagonal = signs || (varying > 0 && stream.maybe(kind.diagonal));
  const shared = copies ? randomScale(stream, kind.priors, spread) : null;
  const allDefault = kind.priors.every((shape) => shape === 'default');
  const blocks: { readonly block: Omit<ModelBlock, 'prior'>; readonly b: number; readonly prior: BlockPrior | null }[] =
    [];
  const equal: string[] = [];
  factors.forEach(({ name, index, J }, f) => {
    const terms = f === 0 ? labels.slice(0, 1 + varying) : ['Intercept'];
    const scales = terms.map((_, k) =>
      k === 0 ? spread : stream.maybe(0.6) ? spread / (sd(predictors[k - 1]!) || 1) : spread,
    );
    const parts = diagonal ? terms.map((_, k) => [k]) : [terms.map((_, k) => k)];
    for (const [b, part] of parts.entries()) {
      const own = part.map((k) => terms[k]!);
      let made: {
        readonly given: Readonly<Record<string, Prior>>;
        readonly oracle: BlockPrior | null;
        readonly tag: string;
      };
      if (shared) {
        equal.push(`tau_${name}[${own[0]}]`);
        made = {
          given: shared.given ? { [`tau_${name}[${own[0]}]`]: shared.given } : {},
          oracle: shared.oracle && { kind: 'separation', tau: [shared.oracle], eta: 1 },
          tag: shared.tag,
        };
      } else
        made = randomBlock(
          stream,
          name,
          own,
          part.map((k) => scales[k]!),
          // A default beside a prior that is given depends on it: defaults are for a factor without slopes, or for
          // all of a model.
          terms.length > 1 && !allDefault ? kind.priors.filter((shape) => shape !== 'default') : kind.priors,
        );
      Object.assign(priors, made.given);
      tags.push(`${name}[${own}] ${made.tag}`);
      const levels = Array.from({ length: J }, (_, j) => `${name}${j}`);
      const Z = X.map((row) => part.map((k) => row[k]!));
      blocks.push({ block: { factor: name, levels, J, index, labels: own, Z }, b, prior: made.oracle });
    }
  });

  let sigma: ScalePrior | null = null;
  const hasSigma = continuous && data.standardErrors === null;
  if (hasSigma) {
    const made = randomScale(stream, kind.priors, 0.5 * spread);
    if (made.given) priors['sigma'] = made.given;
    sigma = made.oracle;
    tags.push(`sigma ${made.tag}`);
  }
  const nu = family === 'student' && stream.maybe(0.6) ? stream.pick([2, 4, 10]) : undefined;

  const text = formulaText(data, names, diagonal);
  const rows: Record<string, readonly (number | string)[]> = { y };
  predictors.forEach((x, k) => {
    rows[`x${k + 1}`] = x;
  });
  for (const { name, index } of factors) rows[name] = index.map((j) => `${name}${j}`);
  if (offset) rows['o'] = offset;
  if (data.weights) rows['w'] = data.weights;
  if (data.standardErrors) rows['s'] = data.standardErrors;
  if (data.trials) rows['t'] = data.trials;
  const options: FormulaOptions = {
    family,
    priors,
    ...(nu === undefined ? {} : { nu }),
    ...(data.shape === null ? {} : { shape: data.shape }),
  };
  return {
    kind: kind.name,
    seed,
    formula: text,
    options,
    rows,
    tags,
    equal,
    oracle() {
      const planned = plan(formula(text, options), { rows });
      return {
        family: planned.design.response.family,
        y,
        offset: offset ?? new Array<number>(n).fill(0),
        weights: data.standardErrors?.map((s) => 1 / (s * s)) ?? data.weights ?? new Array<number>(n).fill(1),
        trials: data.trials ?? new Array<number>(n).fill(1),
        labels,
        X,
        coefficients,
        blocks: blocks.map(({ block, b, prior }) => ({
          ...block,
          prior: prior ?? plannedBlock(planned, block.factor, b),
        })),
        sigma: hasSigma ? (sigma ?? planned.priors.sigma) : null,
        nu: nu ?? planned.priors.nu,
        ...(data.shape === null ? {} : { shape: data.shape }),
      };
    },
  };
}

/** The prior that the plan has of a block: of those that were left to it. */
function plannedBlock({ design, priors }: Plan, factor: string, b: number): BlockPrior {
  return priors.groups[design.groupTerms.findIndex((term) => term.factor === factor)]![b]!;
}

function formulaText(data: RandomRows, names: readonly string[], diagonal: boolean): string {
  const left = data.trials
    ? 'y | trials(t)'
    : data.weights
      ? 'y | weights(w)'
      : data.standardErrors
        ? 'y | se(s)'
        : 'y';
  const bars = data.factors.map(({ name }, f) => {
    const terms = f === 0 ? names.slice(0, data.varying) : [];
    return `(${['1', ...terms].join(' + ')} ${terms.length > 0 && diagonal ? '||' : '|'} ${name})`;
  });
  return `${left} ~ ${['1', ...names, ...(data.offset ? ['offset(o)'] : []), ...bars].join(' + ')}`;
}

/**
 * Normal priors: of every coefficient of a logit or probit model (theirs by default depends on the data), of some of
 * a continuous one, now and then far away.
 */
function randomCoefficients(
  { maybe, pick }: Chance,
  labels: readonly string[],
  X: readonly (readonly number[])[],
  continuous: boolean,
  spread: number,
  level: number,
  priors: Record<string, Prior>,
): DirectionPrior[] {
  const out: DirectionPrior[] = [];
  labels.forEach((label, k) => {
    const column = X.map((row) => row[k]!);
    const unit = k === 0 ? 1 : sd(column) || 1;
    if (continuous && !maybe(0.25)) return;
    const mean = continuous ? (maybe(0.3) ? (spread / unit) * pick([5, -20]) : k === 0 ? level : 0) : 0;
    const size = continuous ? (spread / unit) * pick([0.3, 1, 3, 0.05]) : k === 0 ? 10 : 2.5 / unit;
    priors[`beta[${label}]`] = normal(mean, size);
    out.push({ direction: labels.map((_, l) => (l === k ? 1 : 0)), mean, sd: size });
  });
  return out;
}

function sd(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
