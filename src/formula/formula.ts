import { ModelError } from '../errors.ts';
import type { DefaultFamily, FamilyName, FamilySpelled, FamilySpelling } from '../families/family.ts';
import { DEFAULT_FAMILY, familyNamed } from '../families/familyOf.ts';
import { modelGraph } from '../graph/modelGraph.ts';
import type { GraphNode, ModelGraph } from '../graph/node.ts';
import { group, linearPredictor, population } from '../graph/nodes.ts';
import type { NamedPriors } from '../graph/priorKinds.ts';
import type { Prior } from '../graph/priors.ts';
import { readNode } from '../graph/readNode.ts';
import { anyValue, positiveNumber, text } from '../input/acceptedValue.ts';
import { checkOptions, type OptionTable } from '../input/checkOptions.ts';
import { quote } from '../input/quote.ts';
import { checkOwnPredictor } from './checkOwnPredictor.ts';
import { expander } from './expansion.ts';
import type { Term } from './expression.ts';
import { expressionText } from './expressionText.ts';
import { familyName } from './familyName.ts';
import { absentParameters, checkParameters, hasThreshold, havers } from './familyParameters.ts';
import { formulaPriors } from './formulaPriors.ts';
import type { GroupPart } from './groupPart.ts';
import { factorKey, type Level2Option, readLevel2 } from './level2.ts';
import { type FormulaTree, parseFormula } from './parser.ts';
import { type Residuals, residualOptions } from './residualOptions.ts';
import { syntaxError } from './syntaxError.ts';
import { makeTerm, termKey } from './terms.ts';

/** Priors as they are given, by name. */
export type GivenPriors = Readonly<Record<string, Prior>>;

/** What a formula does not say. */
export interface FormulaOptions<P extends GivenPriors = GivenPriors, S extends FamilySpelling = FamilySpelling> {
  /** Level-2 regressions by grouping factor: `{ county: '~ log_uranium' }`, or one for each varying term. */
  readonly level2?: Level2Option;
  /** Priors by the names of the glossary: `{ sigma: halfT(3, 1), 'beta[floor]': normal(0, 5) }`. */
  readonly priors?: P & NamedPriors<P>;
  /**
   * 'gaussian' unless given; 'student' is 'studentT', 'binomial' is 'binomialLogit' and 'probit' is 'bernoulliProbit',
   * 'betabinomial' is 'betaBinomial', 'negbinomial' is 'negativeBinomial', 'ordinal-probit' is 'ordinalProbit'; or
   * 'poisson', 'ordinal'.
   */
  readonly family?: S;
  /** The degrees of freedom of a studentT response, where they are known; unless given they are a parameter. */
  readonly nu?: number;
  /** The shape of a negativeBinomial response, a positive number, where it is known; unless given it is a parameter. */
  readonly shape?: number;
  /** The precision of a betaBinomial response, a positive number, where it is known; unless given it is a parameter. */
  readonly precision?: number;
  /**
   * The levels of an ordered answer, lowest first; unless given those of the rows, numbers in their order and text by
   * code point.
   */
  readonly levels?: readonly (string | number)[];
  /**
   * How the residuals of a group depend on each other: `ar1(time | g)`, `car1(time | g)`, `cs(g)`, `toeplitz(time | g)`
   * or `unstructured(time | g)`; independent unless given. Gaussian alone has it.
   */
  readonly residual?: string;
  /**
   * Terms of a log-linear residual sd, `~ x`, and a factor by which it varies, its log sds pooled, `~ (1 | g)` or `~ x
   * + (1 | g)`; one sd for all rows unless given. Gaussian alone has it.
   */
  readonly sigma?: string;
}

/** The population part: its terms with '.' in its place, before the level-2 regressions take theirs. */
interface PopulationPart {
  readonly terms: readonly Term[];
  /** The position of '.' among the terms, or undefined without it. */
  readonly dot: number | undefined;
  readonly except: readonly string[];
}

/**
 * The model of a formula such as `log_radon ~ floor + (1 + floor | county)`, by the rules of R and lme4; the graph
 * equals the one built by hand. Nodes: `beta` and `population`; for each varying part `Sigma_<factor>` and
 * `u_<factor>`, or with a level-2 regression `gamma_<factor>` and `b_<factor>`, which then holds the population terms
 * that are products of its varying and level-2 terms; `sigma`, `eta`, and the response under its own text; a binomial
 * or probit model has no sigma, and a studentT one has `nu` too, a negativeBinomial one `shape`, a betaBinomial one
 * `precision`, unless it is fixed, and an ordinal one `threshold`. Counted successes are `y | trials(n) ~ ...`, counts
 * in an exposure `y | exposure(t) ~ ...`. Throws `formula-syntax` (with the text and a caret), `residual`,
 * `formula-terms`, `level2`, `unknown-prior`, `unknown-family`, `conflicting-priors`, `unknown-option` and what
 * `modelGraph` throws.
 */
export function formula<const P extends GivenPriors = GivenPriors, const S extends FamilySpelling = DefaultFamily>(
  text: string,
  options: FormulaOptions<P, S> = {},
): ModelGraph<string, FamilySpelled<S>> {
  checkArguments(text, options);
  const family = familyName(options.family ?? DEFAULT_FAMILY);
  const tree = parseFormula({ text, where: 'formula' });
  checkFamily(tree, family);
  checkParameters(family, options);
  const structure = residualOptions(tree, family, options);
  const expand = expander(tree.source);
  const { intercept, terms, dot, offsets, varying } = expand(tree.terms);
  if (intercept === false && hasThreshold(family)) {
    const sentence = `the family ${family} has thresholds in place of an intercept: leave '0' out`;
    throw syntaxError(tree.source, tree.terms.at, sentence);
  }
  const constant = intercept === false ? [] : [makeTerm([])];
  const written: PopulationPart = {
    terms: [...constant, ...terms],
    dot: dot && constant.length + dot.position,
    except: dot?.except.map((term) => term.label) ?? [],
  };
  const bars = varying.map((node) => {
    const inside = expand(node.terms);
    if (inside.dot !== undefined) throw syntaxError(tree.source, node.at, "'.' stands only among the population terms");
    if (inside.offsets.length > 0 || inside.varying.length > 0) {
      throw syntaxError(tree.source, node.at, 'a varying part has no offset and no varying part of its own');
    }
    const own = inside.intercept === false ? inside.terms : [makeTerm([]), ...inside.terms];
    if (own.length === 0) throw syntaxError(tree.source, node.at, 'this varying part has no varying term');
    return { ...node, terms: own };
  });
  const groups = groupParts(bars, options.level2 ?? {});
  const lists = [written.terms, ...groups.flatMap((part) => [part.terms, ...(part.level2 ?? [])])];
  checkOwnPredictor(tree, { terms: lists.flat(), offsets, factors: groups.map(({ factor }) => factor), ...structure });

  const left = withoutProducts(written, groups);
  const hasPopulation = left.terms.length > 0 || left.dot !== undefined;
  if (!hasPopulation && groups.length === 0)
    throw syntaxError(tree.source, tree.terms.at, 'the formula has no term to estimate');
  const priors = formulaPriors(
    {
      population: hasPopulation,
      groups,
      noSigma: noSigma(tree, family),
      noThreshold: hasThreshold(family) ? undefined : `the family ${family} has no thresholds`,
      absent: absentParameters(family, options),
      residual: structure.residual,
      delta: structure.sigmaTerms !== undefined,
      sigmaBy: structure.sigmaBy,
      terms: [...labelledTerms(written, groups), ...(structure.sigmaTerms ?? [])],
    },
    options.priors ?? {},
  );
  const nodes = new Map<string, GraphNode>(priors);
  if (hasPopulation) nodes.set('population', populationNode(left));
  for (const part of groups) nodes.set(groupName(part), groupNode(part));
  const summands = [...(hasPopulation ? ['population'] : []), ...groups.map(groupName)];
  nodes.set('eta', linearPredictor(...summands, { offset: offsets.map((offset) => expressionText(offset)) }));
  const column = expressionText(tree.response);
  nodes.set(nodes.has(column) ? 'response' : column, responseNode(tree, column, family, options, structure));
  return modelGraph(Object.fromEntries(nodes)) as ModelGraph<string, FamilySpelled<S>>;
}

/** The options of a formula. */
export const FORMULA_OPTIONS: OptionTable<FormulaOptions> = {
  level2: anyValue,
  priors: anyValue,
  family: anyValue,
  nu: positiveNumber,
  shape: positiveNumber,
  precision: positiveNumber,
  levels: anyValue,
  residual: text,
  sigma: text,
};

function checkArguments(text: unknown, options: FormulaOptions): void {
  const fail = (sentence: string): ModelError => new ModelError('unknown-option', 'formula', `formula: ${sentence}`);
  if (typeof text !== 'string') throw fail(`expected a text such as "y ~ x + (1 | g)", not ${quote(text)}`);
  checkOptions('formula', options, FORMULA_OPTIONS);
  for (const name of ['level2', 'priors'] as const) {
    const value: unknown = options[name];
    const record = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (value !== undefined && !record)
      throw fail(
        `${name} must be an object, not ${quote(value)}; ${name === 'priors' ? 'as in { sigma: halfNormal(1) }' : "as in { g: '~ w' }"}`,
      );
  }
}

/** What stands after the response fits the family. */
function checkFamily({ source, se, ...tree }: FormulaTree, family: FamilyName): void {
  const { parts, sigma } = familyNamed(family);
  if (se !== undefined && !parts.includes('se')) {
    const why =
      sigma === null
        ? `the variance of ${family} follows from its mean`
        : `a known standard error is an sd, and the ${sigma} of ${family} is none`;
    throw syntaxError(source, se.at, `se(...) belongs to ${havers('se')}; ${why}`);
  }
  for (const part of ['trials', 'exposure'] as const) {
    const given = tree[part];
    if (given === undefined || parts.includes(part)) continue;
    throw syntaxError(source, given.at, `${part}(...) belongs to ${havers(part)}, and the family is ${family}`);
  }
}

/** Why the model has no sigma, or undefined where it has one. */
function noSigma(tree: FormulaTree, family: FamilyName): string | undefined {
  if (familyNamed(family).sigma === null) return `the family ${family} has no residual sd`;
  return tree.se === undefined ? undefined : 'with se(...) the residual sd is known';
}

interface Bar {
  readonly terms: readonly Term[];
  readonly factors: readonly (readonly string[])[];
  readonly diagonal: boolean;
}

/** One part for each factor of each bar, in the order of the formula, with its suffix and its level-2 regression. */
function groupParts(bars: readonly Bar[], level2: Level2Option): readonly GroupPart[] {
  const spelled = new Map<string, string>();
  const varying = new Map<string, Term[]>();
  const parts = bars.flatMap((bar) =>
    bar.factors.map((columns) => {
      const key = factorKey(columns.join(':'));
      const factor = spelled.get(key) ?? columns.join(':');
      spelled.set(key, factor);
      varying.set(factor, [...(varying.get(factor) ?? []), ...bar.terms]);
      return { factor, terms: bar.terms, structure: bar.diagonal ? ('diagonal' as const) : ('full' as const) };
    }),
  );
  const regressions = readLevel2(level2, varying);
  const suffixes = new Set<string>();
  return parts.map((part) => {
    let suffix = part.factor;
    for (let count = 2; suffixes.has(suffix) || (suffix !== part.factor && varying.has(suffix)); count += 1) {
      suffix = `${part.factor}_${count}`;
    }
    suffixes.add(suffix);
    const regression = regressions.get(factorKey(part.factor));
    const level2Terms = regression && part.terms.map(regression);
    const used = level2Terms?.some((list) => list.length > 0);
    return { ...part, suffix, ...(used ? { level2: level2Terms } : {}) };
  });
}

/** z:w for each varying term z and each of its level-2 terms w. */
function productsOf(part: GroupPart): readonly Term[] {
  return part.terms.flatMap((z, position) =>
    (part.level2?.[position] ?? []).map((w) => makeTerm([...z.atoms, ...w.atoms])),
  );
}

function withoutProducts(written: PopulationPart, groups: readonly GroupPart[]): PopulationPart {
  const taken = new Set(groups.flatMap(productsOf).map(termKey));
  const stays = written.terms.map((term) => !taken.has(termKey(term)));
  const before = stays.slice(0, written.dot).filter(Boolean).length;
  return {
    ...written,
    terms: written.terms.filter((_, position) => stays[position]),
    dot: written.dot === undefined ? undefined : before,
  };
}

function labelledTerms(written: PopulationPart, groups: readonly GroupPart[]): readonly Term[] {
  return [...written.terms, ...groups.flatMap(productsOf), ...groups.flatMap((part) => part.terms)];
}

function populationNode({ terms, dot, except }: PopulationPart): GraphNode {
  const labels = terms.map((term) => term.label);
  if (dot !== undefined) labels.splice(dot, 0, '.');
  return population({ terms: labels, coef: 'beta', ...(dot === undefined ? {} : { except }) });
}

function groupName(part: GroupPart): string {
  return part.level2 === undefined ? `u_${part.suffix}` : `b_${part.suffix}`;
}

function groupNode({ factor, suffix, terms, structure, level2 }: GroupPart): GraphNode {
  const spec = { by: factor, terms: terms.map((term) => term.label), cov: `Sigma_${suffix}`, structure };
  if (level2 === undefined) return group(spec);
  const lists = level2.map((list) => list.map((term) => term.label));
  return group({
    ...spec,
    level2: Object.fromEntries(spec.terms.map((term, position) => [term, lists[position]!])),
    mean: `gamma_${factor}`,
  });
}

function responseNode(
  tree: FormulaTree,
  column: string,
  family: FamilyName,
  options: FormulaOptions,
  { residual, sigmaTerms, sigmaBy }: Residuals,
): GraphNode {
  const { parameter } = familyNamed(family);
  return readNode('the response', {
    kind: 'response',
    family,
    column,
    eta: 'eta',
    ...(noSigma(tree, family) === undefined ? { sigma: 'sigma' } : {}),
    ...(residual ? { residual } : {}),
    ...(sigmaTerms ? { sigmaTerms: sigmaTerms.map((term) => term.label) } : {}),
    ...(sigmaBy === undefined ? {} : { sigmaBy }),
    ...(parameter ? { [parameter]: options[parameter] ?? parameter } : {}),
    ...(hasThreshold(family) ? { threshold: 'threshold' } : {}),
    ...(options.levels ? { levels: options.levels } : {}),
    ...(tree.se ? { se: expressionText(tree.se.expression) } : {}),
    ...(tree.trials ? { trials: expressionText(tree.trials.expression) } : {}),
    ...(tree.exposure ? { exposure: expressionText(tree.exposure.expression) } : {}),
    ...(tree.weights ? { weights: expressionText(tree.weights.expression) } : {}),
  });
}
