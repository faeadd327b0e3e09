import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';

/** The dialects of SQL that statements are written in. */
export type DialectName = 'duckdb' | 'postgres' | 'clickhouse' | 'spark' | 'bigquery' | 'snowflake';

/** What differs between engines; everything else is SQL-92. Each function takes and gives the text of an expression. */
export interface Dialect {
  /** A name as an identifier, quoted. Throws `sql-name` for a name that is empty or holds a NUL. */
  identifier(name: string): string;
  /** As a double. */
  double(e: string): string;
  /** As text. */
  text(e: string): string;
  /** A finite double as a literal of that type. */
  literal(x: number): string;
  /** Whether a double is NaN. */
  isNaN(e: string): string;
  /** The nearest whole number of a double as an integer whose products and sums are exact: `wide` beyond 31 bits. */
  whole(e: string, wide: boolean): string;
  /** An exact sum of such integers or of their products. */
  sum(e: string): string;
  readonly log: string;
  /** The name of the type of an expression, null where the engine is not asked. */
  readonly typeName: ((e: string) => string) | null;
}

const doubled = (mark: string) => (name: string) => mark + checked(name).replaceAll(mark, mark + mark) + mark;
const escaped = (mark: string) => (name: string) =>
  mark + checked(name).replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`) + mark;

/** Half of a UTF-16 pair, which no encoding of a statement has. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function checked(name: string): string {
  if (typeof name === 'string' && name.length > 0 && !name.includes('\0') && !LONE_SURROGATE.test(name)) return name;
  throw new ModelError(
    'sql-name',
    'sql',
    `the name ${quote(name)} cannot stand in a statement; accepted is a text that is not empty and has no NUL`,
  );
}

/** In the exponent form that every engine reads as a double and not as a decimal. */
const literal = (x: number): string => {
  const text = String(x);
  const exponent = text.includes('e') ? text.replace('e+', 'e') : `${text}e0`;
  return x < 0 || Object.is(x, -0) ? `(${exponent})` : exponent;
};

/** floor(e + 1/2): ROUND rounds halves to even in some engines and away from 0 in others. */
const nearest = (e: string): string => `FLOOR(${e} + 0.5e0)`;

const standard = {
  identifier: doubled('"'),
  double: (e: string) => `CAST(${e} AS DOUBLE)`,
  text: (e: string) => `CAST(${e} AS VARCHAR)`,
  literal,
  isNaN: (e: string) => `isnan(${e})`,
  sum: (e: string) => `SUM(${e})`,
  log: 'LN',
  typeName: null,
} as const;

const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  duckdb: {
    ...standard,
    // A sum of BIGINT is a HUGEINT.
    whole: (e, wide) => `CAST(${nearest(e)} AS ${wide ? 'HUGEINT' : 'BIGINT'})`,
    typeName: (e) => `typeof(${e})`,
  },
  postgres: {
    ...standard,
    double: (e) => `CAST(${e} AS DOUBLE PRECISION)`,
    text: (e) => `CAST(${e} AS TEXT)`,
    isNaN: (e) => `(${e} = CAST('NaN' AS DOUBLE PRECISION))`,
    // By way of BIGINT: a double becomes a NUMERIC of 15 digits. A sum of BIGINT is a NUMERIC.
    whole: (e, wide) => (wide ? `CAST(CAST(${nearest(e)} AS BIGINT) AS NUMERIC)` : `CAST(${nearest(e)} AS BIGINT)`),
    typeName: (e) => `CAST(pg_typeof(${e}) AS TEXT)`,
  },
  clickhouse: {
    ...standard,
    identifier: escaped('`'),
    double: (e) => `toFloat64(${e})`,
    text: (e) => `toString(${e})`,
    isNaN: (e) => `isNaN(${e})`,
    // A sum of Int64 wraps around.
    whole: (e) => `toInt128(${nearest(e)})`,
    log: 'log',
    typeName: (e) => `toTypeName(${e})`,
  },
  spark: {
    ...standard,
    identifier: doubled('`'),
    text: (e) => `CAST(${e} AS STRING)`,
    literal: (x) => literal(x).replace(/\)?$/, (end) => `D${end}`),
    // A sum of BIGINT wraps around.
    whole: (e) => `CAST(${nearest(e)} AS DECIMAL(19, 0))`,
    log: 'ln',
  },
  bigquery: {
    ...standard,
    identifier: escaped('`'),
    double: (e) => `CAST(${e} AS FLOAT64)`,
    text: (e) => `CAST(${e} AS STRING)`,
    isNaN: (e) => `IS_NAN(${e})`,
    // A sum of INT64 overflows, one of NUMERIC too.
    whole: (e) => `CAST(${nearest(e)} AS BIGNUMERIC)`,
  },
  snowflake: {
    ...standard,
    isNaN: (e) => `(${e} = CAST('NaN' AS DOUBLE))`,
    whole: (e) => `CAST(${nearest(e)} AS NUMBER(38, 0))`,
  },
};

/** The names of the dialects. */
export const DIALECT_NAMES = Object.keys(DIALECTS) as readonly DialectName[];

/** The dialect of a name. Throws ModelError `sql-dialect`. */
export function dialect(name: string): Dialect {
  if (Object.hasOwn(DIALECTS, name)) return DIALECTS[name as DialectName];
  throw new ModelError(
    'sql-dialect',
    'dialect',
    `dialect is ${quote(name)}; accepted are ${DIALECT_NAMES.map((known) => `'${known}'`).join(', ')}`,
  );
}
