import type { GraphNode, GroupNode, ModelGraph, PopulationNode, ResidualStructure, ResponseNode } from './node.ts';
import { termParts } from './termParts.ts';

/** A model in the notation of lme4, as `formula` reads it. */
export interface FormulaText {
  /** `log_radon ~ 1 + floor + (1 + floor | county)`. */
  readonly formula: string;
  /** The level-2 regressions: `~ 1 + log_uranium`; `term` where each varying term has its own. */
  readonly level2: readonly { readonly factor: string; readonly term?: string; readonly formula: string }[];
  /** The options `residual` and `sigma`, where the model has them: `ar1(age | Subject)`, `~ Sex`. */
  readonly residual?: string;
  readonly sigma?: string;
}

/** The response, linear predictor and summands of a checked graph. */
export interface GraphParts {
  readonly response: ResponseNode;
  readonly offsets: readonly string[];
  readonly population: PopulationNode | undefined;
  readonly groups: readonly GroupNode[];
}

/** Takes a checked graph apart. */
export function graphParts(graph: ModelGraph): GraphParts {
  const nodes = new Map<string, GraphNode>(Object.entries(graph.nodes));
  const all = [...nodes.values()];
  const response = all.find((node) => node.kind === 'response') as ResponseNode;
  const eta = nodes.get(response.eta);
  const summands = eta?.kind === 'linearPredictor' ? eta.sum.map((name) => nodes.get(name)!) : [];
  return {
    response,
    offsets: eta?.kind === 'linearPredictor' ? (eta.offset ?? []) : [],
    population: summands.find((node) => node.kind === 'population'),
    groups: summands.filter((node) => node.kind === 'group'),
  };
}

/**
 * The level-2 terms of each varying term of a group node, in the order of the terms; undefined where the node has none.
 */
export function level2Terms({ terms, level2 }: GroupNode): readonly (readonly string[])[] | undefined {
  if (level2 === undefined) return undefined;
  return terms.map((term) => (isList(level2) ? level2 : (level2[term] ?? [])));
}

/**
 * The formula that gives a graph, apart from its priors: the population terms (with the varying terms whose level-2
 * regression has a constant), offsets, one varying part per group node, and the level-2 regressions beside it.
 */
export function formulaText(graph: ModelGraph): FormulaText {
  const { response, offsets, population, groups } = graphParts(graph);
  const constants = groups.flatMap((node) =>
    (level2Terms(node) ?? []).flatMap((list, k) => (list.includes('1') ? [node.terms[k]!] : [])),
  );
  const terms = [...new Set([...constants, ...(population?.terms ?? [])])].sort(
    (a, b) => Number(b === '1') - Number(a === '1'),
  );
  const bars = groups.map(
    ({ by, terms: own, structure }) => `(${sum(own)} ${structure === 'diagonal' ? '||' : '|'} ${factorText(by)})`,
  );
  const known = (['se', 'trials', 'exposure', 'weights'] as const).flatMap((name) =>
    response[name] === undefined ? [] : [`${name}(${response[name]})`],
  );
  const outcome = known.length === 0 ? response.column : `${response.column} | ${known.join(' + ')}`;
  const left = sum(terms) + (population?.except ?? []).map((term) => ` - ${term}`).join('');
  const right = [left, ...offsets.map((offset) => `offset(${offset})`), ...bars].join(' + ');
  return {
    ...(response.residual ? { residual: residualText(response.residual) } : {}),
    ...(response.sigmaTerms || response.sigmaBy !== undefined ? { sigma: sigmaText(response) } : {}),
    formula: `${outcome} ~ ${right}`,
    level2: groups.flatMap((node) => {
      if (node.level2 === undefined) return [];
      if (isList(node.level2)) return [{ factor: node.by, formula: `~ ${sum(node.level2)}` }];
      return Object.entries(node.level2).map(([term, list]) => ({ factor: node.by, term, formula: `~ ${sum(list)}` }));
    }),
  };
}

/** A residual structure as the option `residual` takes it. */
export function residualText({ structure, by, time }: ResidualStructure): string {
  return `${structure}(${time === undefined ? '' : `${columnText(time)} | `}${factorText(by)})`;
}

/** What a residual sd depends on, as the option `sigma` takes it. */
export function sigmaText({ sigmaTerms = [], sigmaBy }: Pick<ResponseNode, 'sigmaTerms' | 'sigmaBy'>): string {
  return `~ ${[...sigmaTerms, ...(sigmaBy === undefined ? [] : [`(1 | ${factorText(sigmaBy)})`])].join(' + ')}`;
}

/** A grouping factor as a formula writes it: its columns in backquotes where they are no plain names. */
function factorText(by: string): string {
  return by.split(':').map(columnText).join(':');
}

function columnText(name: string): string {
  return /^\p{L}[\p{L}\p{N}._]*$/u.test(name) ? name : `\`${name.replace(/[\\`]/gu, '\\$&')}\``;
}

/** Terms as a formula writes their sum: `0 +` where the constant is not among them. */
function sum(terms: readonly string[]): string {
  if (terms.length === 0) return '0';
  return terms.some((term) => termParts(term).length === 0) ? terms.join(' + ') : ['0', ...terms].join(' + ');
}

function isList(level2: NonNullable<GroupNode['level2']>): level2 is readonly string[] {
  return Array.isArray(level2);
}
