import { ModelError } from '../../errors.ts';
import type { Expression, Term } from '../../formula/expression.ts';
import { nameText } from '../../formula/scanner.ts';
import { expressionColumns, makeTerm, parseExpression, parseTerm, termKey } from '../../formula/terms.ts';
import type {
  GraphNode,
  GroupNode,
  ModelGraph,
  PopulationNode,
  ResidualStructure,
  ResponseNode,
} from '../../graph/node.ts';
import { sortByDegree } from './termColumns.ts';

/** A group node with its terms parsed. */
export interface GroupBar {
  readonly by: string;
  readonly terms: readonly Term[];
  /** Level-2 terms of each varying term, or null where the graph gives none. */
  readonly level2: readonly (readonly Term[])[] | null;
  readonly cov: string;
  readonly gamma: string | undefined;
  readonly diagonal: boolean;
}

/** The terms of a graph, parsed, with '.' expanded. */
export interface ModelTerms {
  readonly response: ResponseNode;
  readonly outcome: Expression;
  readonly standardError: Expression | null;
  readonly trials: Expression | null;
  readonly exposure: Expression | null;
  readonly weights: Expression | null;
  readonly offsets: readonly Expression[];
  /** Terms of X in R's order. */
  readonly population: readonly Term[];
  readonly bars: readonly GroupBar[];
  /** Terms of a log-linear residual sd, without the constant. */
  readonly sigma: readonly Term[];
  readonly residual: ResidualStructure | null;
  /** The factor by whose levels the residual sd varies. */
  readonly sigmaBy: string | null;
}

/**
 * The terms of a graph over rows with these columns (without the keys of group tables).
 *
 * X has the population terms and, for every group node with level-2 terms, the products z:w of its varying terms with
 * them, each once, by degree and then by appearance: population terms, then z, then w, then products. '.' stands for
 * the columns of the rows that are not read by the response, its standard errors, trials, exposure, weights and
 * offsets, and are no grouping columns, without the node's `except`.
 */
export function modelTerms(graph: ModelGraph, rowColumns: readonly string[]): ModelTerms {
  const nodes = new Map<string, GraphNode>(Object.entries(graph.nodes));
  const response = [...nodes.values()].find((node) => node.kind === 'response');
  if (response?.kind !== 'response') throw new ModelError('invalid-graph', 'graph', 'the graph has no response node');
  const eta = nodes.get(response.eta);
  if (eta?.kind !== 'linearPredictor') {
    throw new ModelError('invalid-graph', response.eta, `"${response.eta}" is not a linear predictor node`);
  }
  const populations: PopulationNode[] = [];
  const groups: GroupNode[] = [];
  for (const name of eta.sum) {
    const node = nodes.get(name);
    if (node?.kind === 'population') populations.push(node);
    else if (node?.kind === 'group') groups.push(node);
    else
      throw new ModelError(
        'invalid-graph',
        name,
        `"${name}" in ${response.eta} is neither a population nor a group node`,
      );
  }
  const optional = (text: string | undefined) => (text === undefined ? null : parseExpression(text));
  const outcome = parseExpression(response.column);
  const standardError = optional(response.se);
  const trials = optional(response.trials);
  const exposure = optional(response.exposure);
  const weights = optional(response.weights);
  const offsets = (eta.offset ?? []).map((text) => parseExpression(text));
  const bars = groups.map(groupBar);

  const known = [outcome, standardError, trials, exposure, weights, ...offsets].flatMap((tree) =>
    tree ? expressionColumns(tree) : [],
  );
  const sigma = (response.sigmaTerms ?? []).map(parseTerm);
  const residual = response.residual ?? null;
  const sigmaBy = response.sigmaBy ?? null;
  const factors = [...bars.map(({ by }) => by), ...(residual ? [residual.by] : []), ...(sigmaBy ? [sigmaBy] : [])];
  const grouping = factors.flatMap((by) => [by, ...by.split(':')]);
  const reserved = new Set([...known, ...grouping]);
  const free = rowColumns.filter((name) => !reserved.has(name));
  const own = populations.flatMap((node) => populationTerms(node, free));
  const parts = { response, outcome, standardError, trials, exposure, weights, offsets };
  return { ...parts, bars, sigma, residual, sigmaBy, population: union(own, bars) };
}

function groupBar(node: GroupNode): GroupBar {
  const { level2 } = node;
  return {
    by: node.by,
    terms: node.terms.map(parseTerm),
    level2:
      level2 === undefined
        ? null
        : node.terms.map((term) => (isList(level2) ? level2 : (level2[term] ?? [])).map(parseTerm)),
    cov: node.cov,
    gamma: node.mean,
    diagonal: node.structure === 'diagonal',
  };
}

function isList(level2: NonNullable<GroupNode['level2']>): level2 is readonly string[] {
  return Array.isArray(level2);
}

function populationTerms(node: PopulationNode, free: readonly string[]): Term[] {
  const except = new Set((node.except ?? []).map((text) => termKey(parseTerm(text))));
  return node.terms.flatMap((text) => {
    if (text !== '.') return [parseTerm(text)];
    return free.map((name) => parseTerm(nameText(name))).filter((term) => !except.has(termKey(term)));
  });
}

function union(own: readonly Term[], bars: readonly GroupBar[]): Term[] {
  const wanted = new Map(own.map((term) => [termKey(term), term]));
  const appearance: Term[] = [...own];
  for (const bar of bars) {
    if (bar.level2 === null) continue;
    const products = bar.terms.flatMap((z, k) => bar.level2![k]!.map((w) => makeTerm([...z.atoms, ...w.atoms])));
    for (const product of products) if (!wanted.has(termKey(product))) wanted.set(termKey(product), product);
    appearance.push(...bar.terms, ...bar.level2.flat(), ...products);
  }
  const seen = new Set<string>();
  const ordered = appearance.filter((term) => {
    const key = termKey(term);
    if (!wanted.has(key) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return sortByDegree(ordered.map((term) => wanted.get(termKey(term))!));
}
