import { ModelError } from '../errors.ts';
import { deepFreeze } from '../input/deepFreeze.ts';
import { quote } from '../input/quote.ts';
import { distributions } from './distributions.ts';
import { given, invalid, readFields, readText } from './fields.ts';
import type { GraphNode, GroupNode, LinearPredictorNode, PopulationNode } from './node.ts';
import { isPrior, type Prior } from './priors.ts';
import { readResponse } from './readResponse.ts';

/** A list of term texts, each once, the intercept '1' first. */
function readTerms(where: string, field: string, value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw invalid(where, `${field} must be a list of terms, not ${quote(value)}`);
  const terms: readonly string[] = value.map((term) => readText(where, `each of ${field}`, term));
  const seen = new Set<string>();
  for (const term of terms) {
    if (term !== term.trim()) throw invalid(where, `the term ${quote(term)} in ${field} begins or ends with a space`);
    if (seen.has(term)) throw invalid(where, `the term ${quote(term)} stands twice in ${field}`);
    seen.add(term);
  }
  return terms.includes('1') ? ['1', ...terms.filter((term) => term !== '1')] : terms;
}

function notEmpty<T>(where: string, field: string, list: readonly T[]): readonly T[] {
  if (list.length === 0) throw invalid(where, `${field} is empty`);
  return list;
}

/**
 * A frozen copy of a prior node of any origin. `where` names the place in errors. Throws `invalid-node` or
 * `invalid-prior`.
 */
export function readPrior(where: string, value: unknown): Prior {
  if (!isPrior(value))
    throw invalid(where, `expected a prior such as normal(0, 5) or halfT(3, 1), not ${quote(value)}`);
  const name: unknown = value.distribution;
  const entry = distributions.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const accepted = distributions.map((candidate) => candidate.name).join(', ');
    throw invalid(where, `there is no distribution ${quote(name)}; accepted: ${accepted}`);
  }
  const fields = readFields(where, value, ['distribution', ...entry.parameters]);
  const values = entry.parameters.map((parameter) => {
    const parameterValue = fields.get(parameter);
    if (entry.name !== 'separation') return parameterValue;
    if (isPrior(parameterValue)) return readPrior(`${where}, ${parameter}`, parameterValue);
    return parameter === 'tau' ? readPriorsByLabel(where, parameterValue) : readPrior(`${where}, corr`, parameterValue);
  });
  try {
    return entry.make(...(values as never[]));
  } catch (error) {
    if (error instanceof ModelError) throw new ModelError(error.code, where, `${where}: ${error.message}`);
    throw error;
  }
}

function readPriorsByLabel(where: string, value: unknown): Readonly<Record<string, Prior>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(where, `tau must be a prior or an object of priors by column label, not ${quote(value)}`);
  }
  const entries = Object.entries(value).map(([label, prior]) => [label, readPrior(`${where}, tau[${label}]`, prior)]);
  return Object.fromEntries(entries);
}

function readPopulation(where: string, value: unknown): PopulationNode {
  const fields = readFields(where, value, ['terms', 'coef'], ['except']);
  const terms = notEmpty(where, 'terms', readTerms(where, 'terms', fields.get('terms')));
  const except = fields.has('except') ? readTerms(where, 'except', fields.get('except')) : [];
  if (except.length > 0 && !terms.includes('.'))
    throw invalid(where, "except takes terms out of '.', which is not among the terms");
  return {
    kind: 'population',
    terms,
    ...(except.length > 0 ? { except } : {}),
    coef: readText(where, 'coef', fields.get('coef')),
  };
}

function readGroup(where: string, value: unknown): GroupNode {
  const fields = readFields(where, value, ['by', 'terms', 'cov'], ['level2', 'mean', 'structure']);
  const terms = notEmpty(where, 'terms', readTerms(where, 'terms', fields.get('terms')));
  if (terms.includes('.')) throw invalid(where, "'.' stands only among population terms");
  if (fields.has('level2') !== fields.has('mean')) {
    throw invalid(
      where,
      'level2 (the terms of the level-2 regression) and mean (the prior of its coefficients) come together',
    );
  }
  const structure = fields.get('structure') ?? 'full';
  if (structure !== 'full' && structure !== 'diagonal') {
    throw invalid(where, `structure must be "full" or "diagonal", not ${quote(structure)}`);
  }
  return {
    kind: 'group',
    by: readText(where, 'by', fields.get('by')),
    terms,
    ...given(fields, 'level2', (level2) => readLevel2(where, terms, level2)),
    ...given(fields, 'mean', (mean) => readText(where, 'mean', mean)),
    cov: readText(where, 'cov', fields.get('cov')),
    structure: terms.length === 1 && terms[0] === '1' ? 'full' : structure,
  };
}

/** One list when all varying terms share it, else a record in the order of the terms. */
function readLevel2(where: string, terms: readonly string[], value: unknown): NonNullable<GroupNode['level2']> {
  if (Array.isArray(value)) return notEmpty(where, 'level2', readTerms(where, 'level2', value));
  const fields =
    typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : new Map<string, unknown>();
  const strange = [...fields.keys()].find((term) => !terms.includes(term));
  const missing = terms.find((term) => !fields.has(term));
  if (strange !== undefined || missing !== undefined) {
    const fault = strange === undefined ? `${quote(missing)} is missing` : `${quote(strange)} is not one`;
    throw invalid(
      where,
      `level2 must be one list of terms, or one list for each varying term (${terms.map(quote).join(', ')}): ${fault}`,
    );
  }
  const lists = terms.map((term) => readTerms(where, `level2 of ${quote(term)}`, fields.get(term)));
  if (lists.every((list) => list.length === 0)) throw invalid(where, 'level2 is empty for every varying term');
  const shared = lists.every((list) => JSON.stringify(list) === JSON.stringify(lists[0]));
  return shared ? lists[0]! : Object.fromEntries(terms.map((term, position) => [term, lists[position]!]));
}

function readLinearPredictor(where: string, value: unknown): LinearPredictorNode {
  const fields = readFields(where, value, ['sum'], ['offset']);
  const sum = fields.get('sum');
  if (!Array.isArray(sum)) throw invalid(where, `sum must be a list of node names, not ${quote(sum)}`);
  const offset = fields.has('offset') ? readTerms(where, 'offset', fields.get('offset')) : [];
  return {
    kind: 'linearPredictor',
    sum: notEmpty(where, 'sum', sum).map((name) => readText(where, 'each of sum', name)),
    ...(offset.length > 0 ? { offset } : {}),
  };
}

const readers: ReadonlyMap<unknown, (where: string, value: unknown) => GraphNode> = new Map<
  unknown,
  (where: string, value: unknown) => GraphNode
>([
  ['prior', readPrior],
  ['population', readPopulation],
  ['group', readGroup],
  ['linearPredictor', readLinearPredictor],
  ['response', readResponse],
]);

/**
 * The canonical, frozen form of one node of any origin (a constructor's argument, JSON): known fields only, in a fixed
 * order, no undefined entries. `where` names the place in errors. Throws `invalid-node` or `invalid-prior`.
 */
export function readNode(where: string, value: unknown): GraphNode {
  const kind = typeof value === 'object' && value !== null ? (value as { kind?: unknown }).kind : undefined;
  const read = readers.get(kind);
  if (read === undefined) {
    const accepted = [...readers.keys()].join(', ');
    throw invalid(
      where,
      `expected a node whose kind is one of ${accepted}, not ${kind === undefined ? quote(value) : quote(kind)}`,
    );
  }
  return deepFreeze(read(where, value));
}
