import { productFactors } from '../data/reducedRows.ts';
import type { Dialect } from './dialect.ts';
import type { ReductionPlan } from './reductionPlan.ts';
import { sqlExpression } from './sqlExpression.ts';

/** The origin and the unit of a quantity: |u| <= 1.25 for u = (x - shift) / unit, unit a power of 2. */
export interface QuantityScale {
  readonly shift: number;
  readonly unit: number;
}

/** Bits after the point that products are taken to: 31, whose squares are 64-bit integers, or 45. */
export type Bits = 31 | 45;

/** Everything that a statement is made of. */
export interface StatementParts {
  readonly plan: ReductionPlan;
  readonly dialect: Dialect;
  /** The table, quoted, or SQL that the caller vouches for. */
  readonly from: string;
}

/**
 * One row: the number of rows and of complete rows, and of each quantity its range over these and, where it is
 * computed, how often it is not finite.
 */
export function rangesStatement({ plan, dialect: d, from }: StatementParts): string {
  const { quantities } = plan;
  const inner = quantities.map(({ expression }, i) => `${sqlExpression(expression, d)} AS x${i}`);
  const outer = [
    `(SELECT COUNT(*) FROM ${from}) AS total`,
    'COUNT(*) AS n',
    ...quantities.flatMap((_, i) => [`MIN(x${i}) AS lo${i}`, `MAX(x${i}) AS hi${i}`]),
    ...quantities.flatMap(({ expression }, i) =>
      expression.type === 'name' ? [] : [`SUM(CASE WHEN ${finite(`x${i}`, d)} THEN 0 ELSE 1 END) AS bad${i}`],
    ),
  ];
  return `SELECT ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${from} WHERE ${complete(plan, d)}) s`;
}

/**
 * One row: the number of rows and of complete rows, and of each column how many values are missing and how many are
 * infinite.
 */
export function missingStatement({ plan, dialect: d, from }: StatementParts): string {
  const count = (condition: string, name: string): string => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END) AS ${name}`;
  const counts = plan.columns.flatMap((column, i) => [
    count(missing(column, plan, d), `missing${i}`),
    count(infinite(column, plan, d), `infinite${i}`),
  ]);
  return `SELECT ${['COUNT(*) AS total', count(complete(plan, d), 'n'), ...counts].join(', ')} FROM ${from}`;
}

/** One row for a grouping factor: of each predictor, in how many groups it has more than one value. */
export function constancyStatement({ plan, dialect: d, from }: StatementParts, factor: readonly string[]): string {
  const by = factor.map((_, k) => `g${k}`);
  const inner = [
    ...factor.map((column, k) => `${d.identifier(column)} AS g${k}`),
    ...plan.quantities.map(({ expression }, i) => `${sqlExpression(expression, d)} AS x${i}`),
  ];
  const ranges = plan.quantities.flatMap((_, i) => [`MIN(x${i}) AS lo${i}`, `MAX(x${i}) AS hi${i}`]);
  const varying = plan.quantities.map((_, i) => `SUM(CASE WHEN lo${i} < hi${i} THEN 1 ELSE 0 END) AS v${i}`);
  return (
    `SELECT ${varying.join(', ')} FROM (SELECT ${[...by, ...ranges].join(', ')} FROM ` +
    `(SELECT ${inner.join(', ')} FROM ${from} WHERE ${complete(plan, d)}) s GROUP BY ${by.join(', ')}) t`
  );
}

/** The scales of the quantities, or `inSql` where the statement computes them itself and returns them in every row. */
export type Scales = readonly QuantityScale[] | 'inSql';

/**
 * The cells of a plan of moments: keys k, number of rows n, what is carried a, and of t = floor(z 2^bits + 1/2), z the
 * products of the basis, the sums s and the sums of products c. They are sums of integers, and so the same for any
 * number of threads and of shards, and on every engine.
 */
export function momentsStatement({ plan, dialect: d, from }: StatementParts, scales: Scales, bits: Bits): string {
  const { keys, quantities, attributes, basis } = plan;
  const position = new Map(quantities.map(({ text }, q) => [text, q]));
  const wide = bits > 31;
  const own = scales === 'inSql';
  const u = quantities.map(({ expression }, q) => {
    const [shift, unit] = own ? [`m.h${q}`, `m.w${q}`] : [d.literal(scales[q]!.shift), d.literal(scales[q]!.unit)];
    return `(${sqlExpression(expression, d)} - ${shift}) / ${unit} AS u${q}`;
  });
  const constants = quantities.flatMap((_, q) => (own ? [`m.h${q} AS h${q}`, `m.w${q} AS w${q}`] : []));
  const rows = [
    ...keys.map((key, k) => `${keyValue(key, plan, d)} AS k${k}`),
    ...attributes.map(({ expression }, a) => `${sqlExpression(expression, d)} AS g${a}`),
    ...u,
    ...constants,
    ...(own ? ['m.total AS total', 'm.everything AS everything'] : []),
  ];
  const terms = basis.map((key, i) => {
    const z = productFactors(key)
      .map((text) => `u${position.get(text)!}`)
      .join(' * ');
    return `${d.whole(`${z} * ${d.literal(2 ** bits)}`, wide)} AS t${i}`;
  });
  const ks = keys.map((_, k) => `k${k}`);
  const passed = [...ks, ...attributes.map((_, a) => `g${a}`), ...(own ? passedConstants(plan) : [])];
  const sums = basis.flatMap((_, i) => [
    `${d.sum(`t${i}`)} AS s${i}`,
    ...Array.from({ length: i + 1 }, (_, j) => `${d.sum(`t${i} * t${j}`)} AS c${i}_${j}`),
  ]);
  const returned = own
    ? [`${bits} AS bits`, ...passedConstants(plan).map((name) => `MIN(${name}) AS ${longName(name)}`)]
    : [];
  const outer = [
    ...ks,
    'COUNT(*) AS n',
    // ClickHouse takes a name for that of the result, where there is one, inside an aggregate too.
    ...attributes.flatMap((_, a) => [`MIN(g${a}) AS a${a}`, `MAX(g${a}) AS b${a}`]),
    ...returned,
    ...sums,
  ];
  const source = own ? `${from} CROSS JOIN (${ownScales({ plan, dialect: d, from })}) m` : from;
  const group = ks.length > 0 ? ` GROUP BY ${ks.join(', ')}` : '';
  return (
    `SELECT ${outer.join(', ')} FROM (SELECT ${[...passed, ...terms].join(', ')} FROM ` +
    `(SELECT ${rows.join(', ')} FROM ${source} WHERE ${complete(plan, d)}) q) s${group}`
  );
}

function passedConstants({ quantities }: ReductionPlan): string[] {
  return ['total', 'everything', ...quantities.flatMap((_, q) => [`h${q}`, `w${q}`])];
}

function longName(name: string): string {
  return name.replace(/^h(?=\d)/, 'shift').replace(/^w(?=\d)/, 'unit');
}

/**
 * Origin h and unit w of every quantity as SQL: the middle of its range and the power of 2 at or above half of it (the
 * same whatever the last digit of a logarithm; 1 for a constant), and the number of rows.
 */
function ownScales({ plan, dialect: d, from }: StatementParts): string {
  const inner = plan.quantities.map(({ expression }, q) => `${sqlExpression(expression, d)} AS x${q}`);
  const half = (q: number) => `((MAX(x${q}) - MIN(x${q})) / 2e0)`;
  const outer = plan.quantities.flatMap((_, q) => [
    `(MAX(x${q}) + MIN(x${q})) / 2e0 AS h${q}`,
    `CASE WHEN MAX(x${q}) > MIN(x${q}) THEN POWER(2e0, CEIL(${d.log}(${half(q)}) / 0.6931471805599453e0 - 1e-9)) ELSE 1e0 END AS w${q}`,
  ]);
  return `SELECT COUNT(*) AS total, (SELECT COUNT(*) FROM ${from}) AS everything, ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${from} WHERE ${complete(plan, d)}) r`;
}

/** The distinct rows and how often each occurs. With `most`, no more than so many are returned. */
export function distinctStatement({ plan, dialect: d, from }: StatementParts, most?: number): string {
  const ks = plan.keys.map((_, k) => `k${k}`);
  const inner = plan.keys.map((key, k) => `${keyValue(key, plan, d)} AS k${k}`);
  const limit = most === undefined ? '' : ` LIMIT ${most}`;
  return `SELECT ${[...ks, 'COUNT(*) AS n'].join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${from}) s GROUP BY ${ks.join(', ')}${limit}`;
}

/**
 * How many rows there are, and of each numeric column how many different values: what to round where there are too many
 * distinct rows.
 */
export function countStatement({ plan, dialect: d, from }: StatementParts, values: boolean): string {
  const each = values ? plan.columns.map((column, i) => `COUNT(DISTINCT ${d.identifier(column)}) AS d${i}`) : [];
  return `SELECT ${['COUNT(*) AS n', ...each].join(', ')} FROM ${from}`;
}

/** Keys are numbers or text: what the engine has beside these is printed by it. */
function keyValue(column: string, plan: ReductionPlan, d: Dialect): string {
  const name = d.identifier(column);
  if (plan.booleans.has(column)) return `CASE WHEN ${name} THEN 'TRUE' WHEN NOT ${name} THEN 'FALSE' END`;
  if (plan.levels.has(column)) return name;
  return plan.text.has(column) ? d.text(name) : d.double(name);
}

/** Whether a column is not cast to a number: text, or levels that may be either. */
function isLevel(column: string, { text, levels }: ReductionPlan): boolean {
  return text.has(column) || levels.has(column);
}

function complete(plan: ReductionPlan, d: Dialect): string {
  return plan.columns
    .map((column) =>
      isLevel(column, plan) ? `${d.identifier(column)} IS NOT NULL` : finite(d.double(d.identifier(column)), d),
    )
    .join(' AND ');
}

/** Neither NULL nor infinite nor NaN, wherever an engine has NaN among the numbers. */
function finite(e: string, d: Dialect): string {
  const largest = Number.MAX_VALUE;
  return `(${e} >= ${d.literal(-largest)} AND ${e} <= ${d.literal(largest)})`;
}

function missing(column: string, plan: ReductionPlan, d: Dialect): string {
  const name = d.identifier(column);
  return isLevel(column, plan) ? `${name} IS NULL` : `${name} IS NULL OR ${d.isNaN(d.double(name))}`;
}

function infinite(column: string, plan: ReductionPlan, d: Dialect): string {
  if (isLevel(column, plan)) return '1 = 0';
  const value = d.double(d.identifier(column));
  return `${d.identifier(column)} IS NOT NULL AND NOT ${d.isNaN(value)} AND NOT ${finite(value, d)}`;
}
