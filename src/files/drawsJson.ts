import { ModelError } from '../errors.ts';
import type { Draws, Variable } from '../mcmc/draws.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { toBase64 } from './base64.ts';
import type { Checksum } from './checksum.ts';
import { readList, wrong } from './jsonReader.ts';
import { isPlain, numberText } from './numberText.ts';
import { BLOCK, notNumber, type StoredVariable } from './storedDraws.ts';

/** So many characters or more make a piece of text. */
const PIECE = 1 << 16;

/** So many doubles or more, in whole draws, make a block. */
const BLOCK_LENGTH = 1 << 15;

/**
 * The draws as JSON text, in pieces: `{ variable: [chain][draw][...dims] }`, in the order of the variables, doubles in
 * digits that read back to the same bits. With `blocks` a chain is a list of texts in place of its draws, each some
 * draws, row-major, as little-endian doubles in base 64 after `float64:`: half the length, and read ten times as fast.
 * Names and values are added to `sum`. Throws `non-finite-draw`, naming the quantity, for a draw that JSON cannot hold.
 */
export function* drawsJson(draws: Draws, sum: Checksum, blocks: boolean): Generator<string> {
  let before = '{';
  for (const variable of draws.variables) {
    sum.text(variable.name);
    yield `${before}${JSON.stringify(variable.name)}:[`;
    for (let chain = 0; chain < draws.chains; chain += 1) {
      yield chain === 0 ? '[' : ',[';
      yield* blocks ? chainBlocks(draws, variable, chain, sum) : chainDigits(draws, variable, chain, sum);
      yield ']';
    }
    yield ']';
    before = ',';
  }
  yield draws.variables.length === 0 ? '{}' : '}';
}

/** Puts one draw of a variable, row-major, into `out` from `at` on. Throws `non-finite-draw`. */
export function takeDraw(
  draws: Draws,
  variable: Variable,
  chain: number,
  iteration: number,
  out: Float64Array,
  at = 0,
): void {
  const { chains, iterations, values } = draws;
  let place = (variable.offset * chains + chain) * iterations + iteration;
  for (let i = 0; i < variable.size; i += 1) {
    const value = values[place]!;
    if (!(value - value === 0)) throw notFinite(scalarNames(variable)[i]!, value, chain, iteration);
    out[at + i] = value;
    place += chains * iterations;
  }
}

function* chainBlocks(draws: Draws, variable: Variable, chain: number, sum: Checksum): Generator<string> {
  const { iterations } = draws;
  const { size } = variable;
  const most = Math.max(1, Math.floor(BLOCK_LENGTH / Math.max(1, size)));
  for (let from = 0; from < iterations; from += most) {
    const to = Math.min(iterations, from + most);
    const block = new Float64Array((to - from) * size);
    for (let iteration = from; iteration < to; iteration += 1) {
      takeDraw(draws, variable, chain, iteration, block, (iteration - from) * size);
    }
    sum.numbers(block);
    yield `${from === 0 ? '' : ','}"${BLOCK}${toBase64(new Uint8Array(block.buffer))}"`;
  }
}

function* chainDigits(draws: Draws, variable: Variable, chain: number, sum: Checksum): Generator<string> {
  const { iterations } = draws;
  const { size } = variable;
  const draw = new Float64Array(size);
  const textOf = drawText(variable);
  let texts: string[] = [];
  let length = 0;
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    takeDraw(draws, variable, chain, iteration, draw);
    sum.numbers(draw);
    const text = textOf(draw);
    texts.push(text);
    length += text.length;
    if (length < PIECE && iteration < iterations - 1) continue;
    yield texts.join(',');
    if (iteration < iterations - 1) yield ',';
    texts = [];
    length = 0;
  }
}

/** What gives a draw of a variable, row-major, as JSON text: nested lists, digits that read back to the same bits. */
export function drawText({ coords, size }: Variable): (draw: Float64Array) => string {
  const { whole, rows } = nestedArrays(coords.map((labels) => labels.length));
  const width = size / rows.length;
  return (draw) => {
    let marked = false;
    for (let i = 0; i < size; i += 1) {
      const value = draw[i]!;
      const own = isPlain(value);
      marked ||= !own;
      rows[Math.floor(i / width)]![i % width] = own ? value : MARK + numberText(value);
    }
    // Of numbers JSON.stringify makes text in half of the time that String takes.
    const text = JSON.stringify(whole());
    return marked ? text.replace(MARKED, '$1') : text;
  };
}

/**
 * What stands before the digits of a number that JSON.stringify would write otherwise than `numberText`, as text among
 * numbers.
 */
const MARK = '#';
const MARKED = /"#([^"]*)"/g;

/**
 * Arrays within arrays of a shape, to be filled anew for every draw: what stands for one draw, and its innermost rows.
 * A scalar is the one entry of its row.
 */
function nestedArrays(shape: readonly number[]): { whole(): unknown; rows: (number | string)[][] } {
  const rows: (number | string)[][] = [];
  const nest = (depth: number): unknown[] => {
    if (depth >= shape.length - 1) {
      const row: (number | string)[] = [];
      rows.push(row);
      return row;
    }
    return Array.from({ length: shape[depth]! }, () => nest(depth + 1));
  };
  const root = nest(0);
  return { whole: () => (shape.length === 0 ? root[0] : root), rows };
}

/** The error for a draw that cannot be written. `chain` and `iteration` are 0-based. */
export function notFinite(scalar: string, value: number, chain: number, iteration: number): ModelError {
  const place = `draw ${iteration + 1} of chain ${chain + 1}`;
  return new ModelError(
    'non-finite-draw',
    scalar,
    `${scalar}: ${place} is ${value}; only finite draws can be written, so sample again`,
  );
}

/**
 * The draws of a stored `group` of a fit file for these variables: [scalar][chain][iteration]. Every array must have
 * `chains`, `iterations` and the variable's dimensions, and hold finite numbers. `derived` names further variables that
 * may stand there and are not read. Throws `fit-file`.
 */
export function readDraws(
  posterior: ReadonlyMap<string, StoredVariable>,
  variables: readonly Variable[],
  chains: number,
  iterations: number,
  derived: readonly string[],
  group = 'posterior',
): Draws {
  const known = new Set([...variables.map(({ name }) => name), ...derived]);
  const strange = [...posterior.keys()].find((name) => !known.has(name));
  if (strange !== undefined) {
    throw wrong(
      group,
      `holds ${JSON.stringify(strange)}, which is no variable of its ${group === 'posterior' ? 'model' : 'kernels'}`,
    );
  }
  const scalars = variables.reduce((sum, { size }) => sum + size, 0);
  const stored = variables.map((variable) => {
    const found = posterior.get(variable.name);
    if (found === undefined) throw wrong(group, `has no ${JSON.stringify(variable.name)}`);
    checkShape(found, variable, `${group}.${variable.name}`, chains, iterations);
    return found.values;
  });
  const values = new Float64Array(scalars * chains * iterations);
  const row = chains * iterations;
  variables.forEach(({ name, offset, size }, v) => {
    const from = stored[v]!;
    for (let at = 0, draw = 0; draw < row; draw += 1) {
      for (let place = offset * row + draw, i = 0; i < size; i += 1, at += 1, place += row) {
        const value = from[at]!;
        if (!(value - value === 0)) {
          throw notNumber(`${group}.${name}[${Math.floor(draw / iterations)}][${draw % iterations}]`, value);
        }
        values[place] = value;
      }
    }
  });
  return { variables, chains, iterations, values };
}

function checkShape(
  stored: StoredVariable,
  variable: Variable,
  place: string,
  chains: number,
  iterations: number,
): void {
  readList(stored.chains, place, chains);
  const shape = variable.coords.map((labels) => labels.length).join(' x ');
  stored.chains.forEach(({ length, draws, shapes }, chain) => {
    const at = `${place}[${chain}]`;
    const odd = shapes.find((found) => found.shape !== shape);
    const count = draws > 0 || shapes.length > 0 ? draws : length / variable.size;
    if (count !== iterations) throw wrong(at, `has ${count} entries; ${iterations} are expected`);
    if (odd) throw wrong(`${at}[${odd.from}]`, `does not have the dimensions ${shape}`);
  });
}
