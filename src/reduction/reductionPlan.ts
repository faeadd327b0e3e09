import { productFactors, productKey } from '../data/reducedRows.ts';
import {
  combinedColumns,
  factorArguments,
  groupArguments,
  onlyArgument,
  polyArguments,
} from '../design/columns/callArguments.ts';
import { type ModelTerms, modelTerms } from '../design/columns/modelTerms.ts';
import { ModelError } from '../errors.ts';
import { familyOf, kindOf } from '../families/familyOf.ts';
import { columnsComparedWithText, type Expression } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import { expressionColumns } from '../formula/terms.ts';
import type { ModelGraph } from '../graph/node.ts';

/** What a column of a table is to a model: truth values are the factor FALSE and TRUE. */
export type ColumnKind = 'number' | 'text' | 'boolean';

/** What is known of the columns of a table. */
export interface TableColumns {
  /** All columns by name; null where the table was not asked, and '.' in a formula has no meaning. */
  readonly kinds: Readonly<Record<string, ColumnKind>> | null;
  /** Columns that are text, of which a predictor is a factor, where `kinds` is null. */
  readonly text: readonly string[];
  /**
   * Canonical texts of numeric predictors with one value in every group of a factor: they are carried, and no moments
   * of them are needed.
   */
  readonly carried: readonly string[];
}

/** Something continuous: its canonical text and tree. */
export interface Quantity {
  readonly text: string;
  readonly expression: Expression;
}

/** What a database is asked for to fit a model. */
export interface ReductionPlan {
  /** Moments of what is continuous in every cell, or the distinct rows. */
  readonly form: 'moments' | 'distinct';
  /** All columns of the rows that are read. */
  readonly columns: readonly string[];
  /** The columns that cells are equal in. */
  readonly keys: readonly string[];
  /** Which of `columns` are text: factors. */
  readonly text: ReadonlySet<string>;
  /**
   * Which of `columns` may be either, being levels alone, of a table that was not asked: they are taken as they are.
   */
  readonly levels: ReadonlySet<string>;
  /** Which of those are truth values. */
  readonly booleans: ReadonlySet<string>;
  /** The grouping factors by the columns they are made of. */
  readonly factors: readonly (readonly string[])[];
  /** What is carried with a cell. */
  readonly attributes: readonly Quantity[];
  /** What has moments, the response last. */
  readonly quantities: readonly Quantity[];
  /**
   * The products of quantities (`productKey`, each quantity by itself first) whose sums and sums of products are taken.
   */
  readonly basis: readonly string[];
}

/** Products beyond which a statement has thousands of sums. */
const MOST_PRODUCTS = 60;

/** Functions about one column whose constants come from the reduced rows. */
const ABOUT = new Set(['scale', 'center', 'within', 'between', 'poly']);

/**
 * What to ask a database for: by what to group, what to carry, and of what to take moments. Columns of X and Z are
 * polynomials in the quantities whose coefficients are one number in every cell, so that their cross-products are sums
 * of the moments of the basis: the monomials that the columns need, with all parts of these. Throws ModelError:
 * `not-reduced` for a Student-t response, `unknown-column`, `too-many-products`, and what `modelTerms` throws.
 */
export function reductionPlan(graph: ModelGraph, columns: TableColumns): ReductionPlan {
  const terms = modelTerms(graph, Object.keys(columns.kinds ?? {}));
  checkDot(graph, columns);
  const { conjugate, name } = familyOf(terms);
  if (conjugate === 'scaleMixture') {
    const message = `rows of a ${name} response are not reduced: each has a weight of its own; fit it as gaussian, or read the rows`;
    throw new ModelError('not-reduced', expressionText(terms.outcome), message);
  }
  const factors = factorColumns(terms, columns);
  const atoms = allAtoms(terms);
  const known = [terms.outcome, terms.trials, terms.exposure, terms.weights, terms.standardError, ...terms.offsets];
  const rowExpressions = known.filter((e) => e !== null);
  const used = unique([...rowExpressions, ...atoms].flatMap((e) => [...expressionColumns(e)]).concat(factors.flat()));
  if (columns.kinds !== null) for (const column of used) checkColumn(column, columns.kinds);
  const text = new Set(used.filter((column) => isText(column, columns)));
  const booleans = new Set(used.filter((column) => columns.kinds?.[column] === 'boolean'));
  const numeric = new Set([...rowExpressions, ...atoms].flatMap((e) => numericColumns(e, text)));
  const levels = new Set(
    columns.kinds === null ? used.filter((column) => !text.has(column) && !numeric.has(column)) : [],
  );
  // The levels of a response of two or more may be text.
  if (conjugate !== 'normal' && columns.kinds === null && terms.outcome.type === 'name' && terms.trials === null) {
    if (!text.has(terms.outcome.name) && kindOf(terms) !== 'counts') levels.add(terms.outcome.name);
  }
  const common = { columns: used, text, levels, booleans, factors };
  if (conjugate !== 'normal') {
    return { ...common, form: 'distinct', keys: used, attributes: [], quantities: [], basis: [] };
  }

  const grouped = [terms.weights, terms.standardError].filter((e) => e !== null).flatMap((e) => expressionColumns(e));
  const compared = terms.offsets.flatMap(columnsComparedWithText);
  const keys = unique([...factors.flat(), ...atoms.flatMap((e) => keyColumns(e, text)), ...grouped, ...compared]);
  const keyed = (e: Expression): boolean => expressionColumns(e).every((column) => keys.includes(column));
  const carried = new Set([...columns.carried, ...declaredLevel2(terms, columns)]);
  const found = new Map<string, Expression>();
  for (const e of [...atoms.map(innermost), ...terms.offsets]) if (!keyed(e)) found.set(expressionText(e), e);
  const attributes: Quantity[] = [];
  const quantities: Quantity[] = [];
  for (const [name, expression] of found)
    (carried.has(name) ? attributes : quantities).push({ text: name, expression });
  const outcome = expressionText(terms.outcome);
  if (!found.has(outcome)) quantities.push({ text: outcome, expression: terms.outcome });
  const basis = products(terms, new Set(quantities.map((quantity) => quantity.text)));
  return { ...common, form: 'moments', keys, attributes, quantities, basis };
}

/** The monomials that columns need, each with all parts of it: the quantities by themselves, then by degree. */
function products(terms: ModelTerms, quantities: ReadonlySet<string>): string[] {
  const keys = new Set([...quantities].map((text) => productKey([text])));
  for (const term of [...terms.population, ...terms.bars.flatMap((bar) => bar.terms)]) {
    let parts: readonly (readonly string[])[] = [[]];
    for (const { expression } of term.atoms) {
      const text = expressionText(innermost(expression));
      if (!quantities.has(text) || isFactor(expression)) continue;
      const powers = Array.from({ length: degree(expression) + 1 }, (_, k) => new Array<string>(k).fill(text));
      parts = parts.flatMap((left) => powers.map((power) => [...left, ...power]));
      if (parts.length > 4 * MOST_PRODUCTS) break;
    }
    for (const part of parts) if (part.length > 0) keys.add(productKey(part));
  }
  const basis = [...keys].sort((a, b) => productFactors(a).length - productFactors(b).length);
  if (basis.length <= MOST_PRODUCTS) return basis;
  throw new ModelError(
    'too-many-products',
    'model',
    `the model needs the sums of ${basis.length} products of continuous columns and of each pair of these; at most ${MOST_PRODUCTS} are asked of a database: leave out interactions, or give a column of few values as factor()`,
  );
}

/** The degree of a column of the atom in its quantity; a group mean is one number in every cell. */
function degree(expression: Expression): number {
  if (expression.type !== 'call') return 1;
  if (expression.name === 'poly') return polyArguments(expression).degree * degree(polyArguments(expression).argument);
  if (expression.name === 'between') return 0;
  return ABOUT.has(expression.name) ? degree(expression.args[0]!) : 1;
}

/** The expression of a row that an atom is about: log(x) of scale(log(x)). */
function innermost(expression: Expression): Expression {
  if (expression.type !== 'call' || !ABOUT.has(expression.name)) return expression;
  if (expression.name === 'poly') return innermost(polyArguments(expression).argument);
  if (expression.name === 'within' || expression.name === 'between')
    return innermost(groupArguments(expression).argument);
  return innermost(onlyArgument(expression));
}

function isFactor(expression: Expression): boolean {
  return expression.type === 'call' && (expression.name === 'factor' || expression.name === 'interaction');
}

/**
 * The columns of an atom that cells are equal in: those of factors, those compared with a text, and what group means
 * are taken by.
 */
function keyColumns(expression: Expression, text: ReadonlySet<string>): readonly string[] {
  if (expression.type === 'name') return text.has(expression.name) ? [expression.name] : [];
  if (expression.type !== 'call') return columnsComparedWithText(expression);
  if (expression.name === 'factor') return [factorArguments(expression).name];
  if (expression.name === 'interaction') return combinedColumns(expression);
  if (!ABOUT.has(expression.name)) return columnsComparedWithText(expression);
  const by = expression.name === 'within' || expression.name === 'between' ? [groupArguments(expression).by] : [];
  return [...by, ...keyColumns(expression.args[0]!, text)];
}

/** The columns of an expression that are numbers in it. */
function numericColumns(expression: Expression, text: ReadonlySet<string>): readonly string[] {
  if (isFactor(expression)) return [];
  const by = keyColumns(expression, text);
  const inner = innermost(expression);
  const levels = columnsComparedWithText(inner);
  return expressionColumns(inner).filter(
    (column) => !text.has(column) && !levels.includes(column) && (inner !== expression || !by.includes(column)),
  );
}

function allAtoms(terms: ModelTerms): Expression[] {
  const bars = terms.bars.flatMap((bar) => [...bar.terms, ...(bar.level2?.flat() ?? [])]);
  return [...terms.population, ...bars].flatMap((term) => term.atoms.map((atom) => atom.expression));
}

/**
 * The predictors that the model says are of groups: without a table to ask, that is believed, and checked of the cells.
 */
function declaredLevel2(terms: ModelTerms, { kinds }: TableColumns): readonly string[] {
  if (kinds !== null) return [];
  const atoms = terms.bars.flatMap((bar) => bar.level2?.flat() ?? []).flatMap((term) => term.atoms);
  return atoms.map(({ expression }) => expressionText(innermost(expression)));
}

function factorColumns(terms: ModelTerms, { kinds }: TableColumns): string[][] {
  const whole = (by: string): boolean => kinds !== null && Object.hasOwn(kinds, by);
  return unique(terms.bars.map((bar) => bar.by)).map((by) => (whole(by) ? [by] : by.split(':')));
}

function isText(column: string, { kinds, text }: TableColumns): boolean {
  return kinds === null ? text.includes(column) : kinds[column] !== 'number';
}

function checkColumn(column: string, kinds: Readonly<Record<string, ColumnKind>>): void {
  if (Object.hasOwn(kinds, column)) return;
  const names = Object.keys(kinds).map((name) => JSON.stringify(name));
  throw new ModelError(
    'unknown-column',
    column,
    `there is no column ${JSON.stringify(column)} in the table; it has ${names.slice(0, 20).join(', ')}${names.length > 20 ? ' and others' : ''}`,
  );
}

function checkDot(graph: ModelGraph, { kinds }: TableColumns): void {
  const dot = Object.values(graph.nodes).some((node) => node.kind === 'population' && node.terms.includes('.'));
  if (!dot || kinds !== null) return;
  throw new ModelError(
    'unknown-column',
    '.',
    '"." in the formula stands for the columns of the table, which is not at hand; name the columns',
  );
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
