import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { ReducedValue } from './reducedTable.ts';
import type { ReductionPlan } from './reductionPlan.ts';
import type { QuantityScale } from './reductionStatements.ts';

export type KeyValue = string | number;

/** A cell as numbers: what is in it, and the moments of the basis where there is one. */
export interface CellOfMoments {
  readonly key: readonly KeyValue[];
  readonly n: number;
  readonly attributes: readonly number[];
  readonly scales: readonly QuantityScale[];
  /** Length m. */
  readonly mean: Float64Array;
  /** m x m, divisor n. */
  readonly covariance: Float64Array;
}

/** Beyond this a mean is outside the range that products were scaled by. */
const LARGEST_MEAN = 1.3;

/** A cell as whole numbers. */
interface WholeCell {
  readonly key: readonly KeyValue[];
  readonly n: bigint;
  readonly attributes: readonly number[];
  readonly scales: readonly QuantityScale[];
  readonly bits: number;
  readonly sums: readonly bigint[];
  /** Of products i >= j: c_ij at i (i + 1) / 2 + j. */
  readonly products: readonly bigint[];
}

/**
 * The cells of a statement's result, in the order of their keys: numbers by size, text by code units, whatever the
 * collation of the engine. Rows of one key, as of several shards, are added up. The covariance of a cell, n sum(t_i
 * t_j) - sum(t_i) sum(t_j) over n^2, is formed in whole numbers, so that nothing cancels.
 * Throws ModelError `reduced-table`.
 */
export function cellsOf(
  table: Readonly<Record<string, readonly ReducedValue[]>>,
  plan: ReductionPlan,
): CellOfMoments[] {
  const cells = new Map<string, WholeCell>();
  for (const cell of wholeCells(table, plan)) {
    const key = JSON.stringify(cell.key);
    const known = cells.get(key);
    cells.set(key, known === undefined ? cell : added(known, cell));
  }
  if (cells.size === 0) throw wrong('no cells');
  return [...cells.values()].sort((a, b) => compareKeys(a.key, b.key)).map(moments);
}

function wholeCells(table: Readonly<Record<string, readonly ReducedValue[]>>, plan: ReductionPlan): WholeCell[] {
  const column = columnReader(table);
  const whole = (name: string) => column(name).map((value) => wholeNumber(value, name));
  const finite = (name: string) => column(name).map((value) => finiteNumber(value, name));
  const counts = whole('n');
  const keys = plan.keys.map((name, k) => keyValues(column(`k${k}`), name, plan));
  const attributes = plan.attributes.map(({ text }, a) => {
    const [least, most] = [finite(`a${a}`), finite(`b${a}`)];
    const at = least.findIndex((value, c) => value !== most[c]);
    if (at < 0) return least;
    throw new ModelError(
      'level2-varies',
      text,
      `level-2 predictor ${text} varies within a group (${least[at]} to ${most[at]} in one cell); it must have one value per group`,
    );
  });
  const scales = plan.quantities.map((_, q) => ({ shift: finite(`shift${q}`), unit: finite(`unit${q}`) }));
  const bits = plan.basis.length > 0 ? whole('bits') : [];
  const sums = plan.basis.map((_, i) => whole(`s${i}`));
  const products = plan.basis.flatMap((_, i) => Array.from({ length: i + 1 }, (_entry, j) => whole(`c${i}_${j}`)));
  const lists = [...keys, ...attributes, ...scales.flatMap((own) => Object.values(own)), ...sums, ...products];
  if (lists.some(({ length }) => length !== counts.length)) throw wrong('columns of unequal length');
  return counts.map((n, c) => {
    if (n < 1n) throw wrong(`a cell of ${n} rows (n in row ${c + 1})`);
    return {
      key: keys.map((values) => values[c]!),
      n,
      attributes: attributes.map((values) => values[c]!),
      scales: scales.map(({ shift, unit }) => ({ shift: shift[c]!, unit: unit[c]! })),
      bits: Number(bits[c] ?? 0n),
      sums: sums.map((values) => values[c]!),
      products: products.map((values) => values[c]!),
    };
  });
}

function added(a: WholeCell, b: WholeCell): WholeCell {
  const same =
    a.bits === b.bits &&
    a.scales.every(({ shift, unit }, q) => shift === b.scales[q]!.shift && unit === b.scales[q]!.unit) &&
    a.attributes.every((value, i) => value === b.attributes[i]);
  if (!same) {
    throw wrong(
      `two cells of one key (${a.key.map(quote).join(', ')}) with other origins or units; shards add up where one statement with the ranges of all was run on each`,
    );
  }
  return {
    ...a,
    n: a.n + b.n,
    sums: a.sums.map((sum, i) => sum + b.sums[i]!),
    products: a.products.map((sum, i) => sum + b.products[i]!),
  };
}

function moments({ key, n: whole, attributes, scales, bits, sums, products }: WholeCell): CellOfMoments {
  const m = sums.length;
  const n = Number(whole);
  const unit = 2 ** -bits;
  const mean = Float64Array.from(sums, (sum) => (Number(sum) / n) * unit);
  if (mean.some((value) => Math.abs(value) > LARGEST_MEAN)) {
    throw wrong(
      `sums beyond the range of the values (cell ${key.map(quote).join(', ')}): the table changed between the statements`,
    );
  }
  const covariance = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      const scatter = whole * products[(i * (i + 1)) / 2 + j]! - sums[i]! * sums[j]!;
      if (i === j && scatter < 0n) throw wrong(`a sum of squares below the square of its sum (c${i}_${i})`);
      const value = (Number(scatter) / n / n) * unit * unit;
      covariance[i * m + j] = value;
      covariance[j * m + i] = value;
    }
  }
  return { key, n, attributes, scales, mean, covariance };
}

/** The columns by name, in any case of letters: warehouses return their own. */
function columnReader(table: Readonly<Record<string, readonly ReducedValue[]>>) {
  const names = new Map(Object.keys(table).map((name) => [name.toLowerCase(), name]));
  return (name: string): readonly ReducedValue[] => {
    const own = names.get(name);
    const values: unknown = own === undefined ? undefined : table[own];
    if (Array.isArray(values) || ArrayBuffer.isView(values)) return Array.from(values as ArrayLike<ReducedValue>);
    throw wrong(`no column ${name}: it is not the result of the statement of this model and these options`);
  };
}

/** The keys of one column: levels that may be numbers or text are numbers where all of them print back as they are. */
function keyValues(values: readonly ReducedValue[], name: string, { text, levels }: ReductionPlan): KeyValue[] {
  const printsBack = (value: ReducedValue): boolean => typeof value === 'number' || String(Number(value)) === value;
  const asText = text.has(name) || (levels.has(name) && !values.every(printsBack));
  return values.map((value) => keyValue(value, name, asText));
}

function keyValue(value: ReducedValue | undefined, name: string, text: boolean): KeyValue {
  if (value === null || value === undefined) throw wrong(`a missing ${quote(name)}`);
  if (text) return String(value);
  const number = typeof value === 'number' ? value : Number(value);
  if (Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number + 0;
  if (Number.isFinite(number) && !Number.isInteger(number)) return number;
  throw wrong(
    `${quote(name)} = ${quote(value)}, which is no number that a double holds exactly; give it as text: cast it in a view, or name it among the text columns`,
  );
}

function wholeNumber(value: ReducedValue | undefined, name: string): bigint {
  const text = typeof value === 'string' ? value.trim().replace(/\.0+$/, '') : String(value);
  // 1.25e+27, as some programs write what they read as a double, has lost its last digits.
  if (/^-?\d+$/.test(text)) return BigInt(text);
  throw wrong(
    `${name} = ${quote(value ?? null)}, where a whole number is due; keep all digits of the result, as text or as decimals`,
  );
}

function finiteNumber(value: ReducedValue | undefined, name: string): number {
  const number = value === null || value === undefined || value === '' ? Number.NaN : Number(value);
  if (Number.isFinite(number)) return number;
  throw wrong(`${name} = ${quote(value ?? null)}, where a finite number is due`);
}

function compareKeys(a: readonly KeyValue[], b: readonly KeyValue[]): number {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return a[k]! < b[k]! ? -1 : 1;
  return 0;
}

function wrong(found: string): ModelError {
  return new ModelError('reduced-table', 'table', `the reduced table has ${found}`);
}
