import { ModelError } from '../errors.ts';
import type { Draws, Variable } from '../mcmc/draws.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { readList, readOwn, wrong } from './jsonReader.ts';
import { isPlain, numberText } from './numberText.ts';

/**
 * The draws as JSON text: `{ variable: [chain][draw][...dims] }`, in the order of the variables, doubles in digits that read back to the same bits.
 * Throws `non-finite-draw`, naming the quantity, for a draw that JSON cannot hold.
 */
export function drawsJson(draws: Draws): string {
  return `{${draws.variables.map((variable) => `${JSON.stringify(variable.name)}:${variableJson(draws, variable)}`).join(',')}}`;
}

function variableJson(draws: Draws, variable: Variable): string {
  const { chains, iterations, values } = draws;
  const { offset, size } = variable;
  const { whole, rows } = nestedArrays(variable.coords.map((labels) => labels.length));
  const width = size / rows.length;
  const perChain: string[] = [];
  for (let chain = 0; chain < chains; chain += 1) {
    const perDraw = new Array<string>(iterations);
    for (let iteration = 0; iteration < iterations; iteration += 1) {
      let marked = false;
      for (let i = 0; i < size; i += 1) {
        const value = values[((offset + i) * chains + chain) * iterations + iteration]!;
        if (!(value - value === 0)) throw notFinite(scalarNames(variable)[i]!, value, chain, iteration);
        const own = isPlain(value);
        marked ||= !own;
        rows[Math.floor(i / width)]![i % width] = own ? value : MARK + numberText(value);
      }
      // Of numbers JSON.stringify makes text in half of the time that String takes.
      const text = JSON.stringify(whole());
      perDraw[iteration] = marked ? text.replace(MARKED, '$1') : text;
    }
    perChain.push(`[${perDraw.join(',')}]`);
  }
  return `[${perChain.join(',')}]`;
}

/** What stands before the digits of a number that JSON.stringify would write otherwise than `numberText`, as text among numbers. */
const MARK = '#';
const MARKED = /"#([^"]*)"/g;

/** Arrays within arrays of a shape, to be filled anew for every draw: what stands for one draw, and its innermost rows. A scalar is the one entry of its row. */
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
 * The draws of a parsed `posterior` for these variables: [scalar][chain][iteration]. Every array must have `chains`, `iterations` and the variable's
 * dimensions, and hold finite numbers. `derived` names further variables that may stand there and are not read. Throws `fit-file`.
 */
export function readDraws(
  posterior: Readonly<Record<string, unknown>>,
  variables: readonly Variable[],
  chains: number,
  iterations: number,
  derived: readonly string[],
): Draws {
  const known = new Set([...variables.map(({ name }) => name), ...derived]);
  const strange = Object.keys(posterior).find((name) => !known.has(name));
  if (strange !== undefined) {
    throw wrong('posterior', `holds ${JSON.stringify(strange)}, which is no variable of its model`);
  }
  const scalars = variables.reduce((sum, { size }) => sum + size, 0);
  const read = variables.map((variable) => ({
    variable,
    lists: readList(readOwn(posterior, variable.name, 'posterior'), `posterior.${variable.name}`, chains).map(
      (list, chain) => readList(list, `posterior.${variable.name}[${chain}]`, iterations),
    ),
  }));
  const values = new Float64Array(scalars * chains * iterations);
  for (const { variable, lists } of read) {
    const shape = variable.coords.map((labels) => labels.length);
    lists.forEach((list, chain) => {
      for (let iteration = 0; iteration < iterations; iteration += 1) {
        let scalar = variable.offset;
        const place = (): string => `posterior.${variable.name}[${chain}][${iteration}]`;
        const walk = (part: unknown, depth: number): void => {
          if (depth === shape.length) {
            if (typeof part !== 'number' || !Number.isFinite(part)) {
              throw wrong(place(), `holds ${JSON.stringify(part)} where a finite number is expected`);
            }
            values[(scalar * chains + chain) * iterations + iteration] = part;
            scalar += 1;
            return;
          }
          if (!Array.isArray(part) || part.length !== shape[depth]) {
            throw wrong(place(), `does not have the dimensions ${shape.join(' x ')}`);
          }
          for (let i = 0; i < part.length; i += 1) walk(part[i], depth + 1);
        };
        walk(list[iteration], 0);
      }
    });
  }
  return { variables, chains, iterations, values };
}
