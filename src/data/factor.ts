import { ModelError } from '../errors.ts';
import type { Column } from './frame.ts';

/**
 * A grouping factor or categorical predictor: its levels in order, and the level of every row (0-based, -1 missing).
 */
export interface Factor {
  readonly levels: readonly string[];
  /** Length n. */
  readonly index: Int32Array;
}

/**
 * The factor of a column: the values that occur, text sorted by code point and numbers numerically, and for each row
 * the 0-based position of its level (-1 where the value is missing). The label of a number is its shortest decimal
 * text.
 */
export function factor(column: Column): Factor {
  if (column.kind === 'number') {
    // +0 folds -0 into 0, which is the same level.
    return build(
      Float64Array.from(column.values, (value) => value + 0),
      Number.isNaN,
      (a, b) => a - b,
      String,
    );
  }
  const isNull = (value: string | null) => value === null;
  return build(column.values, isNull, (a, b) => compareCodePoints(a!, b!), String);
}

/**
 * The interaction `a:b:…` of factors over the same rows: the combinations that occur, sorted by the first factor's
 * order, then the second's; labels `A:a`. A row with a missing part is missing. Throws ModelError when two combinations
 * would have one label (`x:y` with `z`, `x` with `y:z`).
 */
export function interaction(factors: readonly Factor[], name: string): Factor {
  return factors.slice(1).reduce((left, right) => cross(left, right, name), factors[0]!);
}

/** The combinations of the levels of several factors that occur. */
export interface Combinations extends Factor {
  /** By level, the position of its part among the levels of each factor. */
  readonly parts: readonly (readonly number[])[];
}

/**
 * The combinations of levels that occur, as R's `interaction(a, b, drop = TRUE)` has them: the levels of the first
 * factor run fastest, labels are joined by '.'. A row with a missing part is missing. Throws ModelError when two
 * combinations have one label.
 */
export function combinations(factors: readonly Factor[], name: string): Combinations {
  const seen = new Map<string, readonly number[]>();
  const keys = Array.from(factors[0]!.index, (_, i) => {
    const parts = factors.map(({ index }) => index[i]!);
    if (parts.includes(-1)) return '';
    const key = parts.join(',');
    if (!seen.has(key)) seen.set(key, parts);
    return key;
  });
  const order = [...seen.values()].sort((a, b) => {
    let k = a.length - 1;
    while (k > 0 && a[k] === b[k]) k -= 1;
    return a[k]! - b[k]!;
  });
  const levels = order.map((parts) => parts.map((level, k) => factors[k]!.levels[level]!).join('.'));
  checkDistinct(levels, name, '.');
  const place = new Map(order.map((parts, j) => [parts.join(','), j]));
  return { levels, index: Int32Array.from(keys, (key) => (key === '' ? -1 : place.get(key)!)), parts: order };
}

/** The column's values as level labels, null where missing: what `factor` uses to name levels. */
export function levelLabels(column: Column): (string | null)[] {
  if (column.kind === 'text') return [...column.values];
  return Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value + 0)));
}

/** Order of two texts by Unicode code point, which differs from the order of UTF-16 units beyond U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other unit, so they rank last. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function build<T>(
  values: ArrayLike<T>,
  isMissing: (value: T) => boolean,
  compare: (a: T, b: T) => number,
  label: (value: T) => string,
): Factor {
  const n = values.length;
  const codes = new Map<T, number>();
  const firstSeen: T[] = [];
  const index = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    if (isMissing(value)) {
      index[i] = -1;
      continue;
    }
    let code = codes.get(value);
    if (code === undefined) {
      code = firstSeen.length;
      codes.set(value, code);
      firstSeen.push(value);
    }
    index[i] = code;
  }
  const order = firstSeen.map((_, code) => code).sort((a, b) => compare(firstSeen[a]!, firstSeen[b]!));
  return { levels: order.map((code) => label(firstSeen[code]!)), index: renumber(index, order) };
}

function renumber(index: Int32Array, order: readonly number[]): Int32Array {
  const rank = new Int32Array(order.length);
  order.forEach((code, position) => {
    rank[code] = position;
  });
  return index.map((code) => (code < 0 ? -1 : rank[code]!));
}

function cross(left: Factor, right: Factor, name: string): Factor {
  const width = right.levels.length;
  const combined = new Float64Array(left.index.length);
  for (let i = 0; i < combined.length; i++) {
    const a = left.index[i]!;
    const b = right.index[i]!;
    combined[i] = a < 0 || b < 0 ? Number.NaN : a * width + b;
  }
  const label = (code: number) => `${left.levels[Math.floor(code / width)]}:${right.levels[code % width]}`;
  const result = build(combined, Number.isNaN, (a, b) => a - b, label);
  checkDistinct(result.levels, name, ':');
  return result;
}

/** Throws ModelError when two combinations have one label, their levels being joined by `joint`. */
function checkDistinct(levels: readonly string[], name: string, joint: string): void {
  const seen = new Set<string>();
  for (const level of levels) {
    if (seen.has(level)) {
      const message = `factor ${name}: two combinations of levels both read "${level}"; rename the levels that contain "${joint}"`;
      throw new ModelError('ambiguous-level', name, message);
    }
    seen.add(level);
  }
}
