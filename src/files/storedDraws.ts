import { fromBase64 } from './base64.ts';
import type { Checksum } from './checksum.ts';
import { readList, readText, wrong } from './jsonReader.ts';
import type { JsonSource } from './jsonSource.ts';

/** What stands before the digits of a block: little-endian doubles of one or more draws in base 64. */
export const BLOCK = 'float64:';

/**
 * The draws of a variable as they stand in a file, before it is known what they should be: chain after chain, draw
 * after draw, each row-major.
 */
export interface StoredVariable {
  readonly values: Float64Array;
  readonly chains: readonly StoredChain[];
}

/**
 * A chain of a variable: how many values, and of draws that are written out, their number and where their shape
 * changes.
 */
export interface StoredChain {
  readonly length: number;
  readonly draws: number;
  /** From the draw `from` on they have this shape (null: not one); nothing in a chain of blocks. */
  readonly shapes: readonly { readonly from: number; readonly shape: string | null }[];
}

/**
 * The variables of a group of the file (`posterior`, `sample_stats`), which comes next in `source`, their values added
 * to `sum`. Throws `fit-file`.
 */
export function storedDraws(source: JsonSource, group: string, sum: Checksum): Map<string, StoredVariable> {
  const variables = new Map<string, StoredVariable>();
  source.entries('{', () => {
    const name = readText(parsed(source.value(), source), `a key of ${group}`);
    if (name === '__proto__') throw wrong(group, 'has a key "__proto__", which is not accepted');
    source.take(':');
    const variable = storedVariable(source, `${group}.${name}`);
    sum.text(name);
    sum.numbers(variable.values);
    variables.set(name, variable);
  });
  return variables;
}

function storedVariable(source: JsonSource, place: string): StoredVariable {
  const values = new GrowingNumbers();
  const chains: StoredChain[] = [];
  if (source.peek() !== '[') readList(parsed(source.value(), source), place);
  source.entries('[', (chain) => {
    const at = `${place}[${chain}]`;
    if (source.peek() !== '[') readList(parsed(source.value(), source), at);
    chains.push(storedChain(source, values, at));
  });
  return { values: values.taken(), chains };
}

function storedChain(source: JsonSource, values: GrowingNumbers, place: string): StoredChain {
  const before = values.length;
  const shapes: { from: number; shape: string | null }[] = [];
  let draws = 0;
  let shape: readonly number[] | null = null;
  let blocks = 0;
  source.entries('[', (index) => {
    const value = parsed(source.value(), source);
    if (typeof value === 'string' && value.startsWith(BLOCK)) {
      const bytes = fromBase64(value, BLOCK.length);
      if (bytes === null || bytes.length % 8 !== 0 || draws > 0) {
        throw wrong(`${place}[${index}]`, `is no block of doubles in base 64, ${BLOCK}...`);
      }
      values.addAll(new Float64Array(bytes.buffer));
      blocks += 1;
      return;
    }
    const { length } = values;
    if (shape === null || !add(value, shape, 0, values, place, index)) {
      values.length = length;
      shape = shapeOf(value);
      const whole = add(value, shape, 0, values, place, index);
      shapes.push({ from: index, shape: whole ? shape.join(' x ') : null });
      if (!whole) shape = null;
    }
    draws += 1;
  });
  if (blocks > 0 && draws > 0) throw wrong(place, 'has blocks and draws; one of them is expected');
  return { length: values.length - before, draws, shapes };
}

/**
 * Adds the numbers of a value of that shape; gives false where it has another one. Throws `fit-file`, naming the draw,
 * for what is no number.
 */
function add(
  value: unknown,
  shape: readonly number[],
  depth: number,
  values: GrowingNumbers,
  place: string,
  index: number,
): boolean {
  if (Array.isArray(value)) {
    if (depth === shape.length || value.length !== shape[depth]) return false;
    for (let i = 0; i < value.length; i += 1) {
      if (!add(value[i], shape, depth + 1, values, place, index)) return false;
    }
    return true;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) throw notNumber(`${place}[${index}]`, value);
  if (depth < shape.length) return false;
  values.add(value);
  return true;
}

/** The error of a draw that is no finite number. */
export function notNumber(place: string, value: unknown): Error {
  return wrong(place, `holds ${JSON.stringify(value)} where a finite number is expected`);
}

/** Dimensions are counted no further: no variable has as many. */
const MOST_DIMENSIONS = 8;

function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  for (let part = value; Array.isArray(part) && shape.length < MOST_DIMENSIONS; part = part[0]) shape.push(part.length);
  return shape;
}

/** A value whose text is at hand. */
export function parsed(text: string, source: JsonSource): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return source.fail();
  }
}

/** Doubles of which it is not known how many there will be. */
class GrowingNumbers {
  private values = new Float64Array(1024);
  length = 0;

  add(value: number): void {
    if (this.length === this.values.length) this.grow(this.length + 1);
    this.values[this.length] = value;
    this.length += 1;
  }

  addAll(values: Float64Array): void {
    if (this.length + values.length > this.values.length) this.grow(this.length + values.length);
    this.values.set(values, this.length);
    this.length += values.length;
  }

  taken(): Float64Array {
    return this.values.subarray(0, this.length);
  }

  private grow(least: number): void {
    const grown = new Float64Array(Math.max(least, 2 * this.values.length));
    grown.set(this.values);
    this.values = grown;
  }
}
