import { quote, type Variable } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';
import { guessHint } from '../guessHint.ts';
import type { SamplerRun } from './samplerRun.ts';

/** What the first line of a file of draws says: `src/files/drawsLines.ts` writes it. */
export const DRAWS_LINES_SCHEMA = 'partial-pooling-draws';

/** How a text of lines of draws begins. */
export const DRAWS_LINES = `{"schema":"${DRAWS_LINES_SCHEMA}"`;

/** A variable as the first line has it. */
interface LinesVariable {
  readonly name: string;
  readonly dims: readonly string[];
  readonly coords: readonly (readonly string[])[];
}

interface Header {
  readonly version: number;
  readonly chains: number;
  readonly draws: number;
  readonly variables: readonly LinesVariable[];
}

/**
 * The draws of a file that `fit --draws` wrote, from its text in pieces: a line that names the variables, and one JSON
 * object for each draw. No more of the text is held than a line.
 * Throws DiagnosticsError `bad-json` and `bad-shape`, naming the line, `no-variables`, and `unequal-chains` where the
 * last line of a chain is missing.
 */
export function readDrawsLines(pieces: Iterable<string>): SamplerRun {
  const lines = linesOf(pieces);
  const first = lines.next();
  const header = readHeader(first.done ? '' : first.value);
  const names = header.variables.flatMap(scalarNames);
  if (names.length === 0) throw new DiagnosticsError('no-variables', 'the draws have no variables');
  const chains = new Map<number, { readonly values: Float64Array; drawn: number }>();
  let number = 1;
  for (const line of lines) {
    number += 1;
    const where = `line ${number}`;
    const draw = parsed(line, where);
    const chain = draw['chain'];
    if (!(Number.isInteger(chain) && (chain as number) > 0)) throw wrong(where, 'has no number of a chain');
    let own = chains.get(chain as number);
    if (own === undefined) {
      if (chains.size === header.chains) throw wrong(where, `is of a chain too many; line 1 says ${header.chains}`);
      own = { values: new Float64Array(names.length * header.draws), drawn: 0 };
      chains.set(chain as number, own);
    }
    if (own.drawn === header.draws) throw wrong(where, `is a draw too many; line 1 says ${header.draws} a chain`);
    let scalar = 0;
    for (const variable of header.variables)
      scalar = takeDraw(draw, variable, own.values, scalar, header.draws, own.drawn, where);
    own.drawn += 1;
  }
  if (chains.size === 0) throw new DiagnosticsError('no-draws', 'the file has no draws after its first line');
  const sorted = [...chains].sort(([a], [b]) => a - b).map(([, own]) => own);
  const drawn = sorted[0]!.drawn;
  const odd = sorted.findIndex((own) => own.drawn !== drawn);
  if (odd >= 0) {
    throw new DiagnosticsError(
      'unequal-chains',
      `chain ${odd + 1} has ${sorted[odd]!.drawn} draws and chain 1 has ${drawn}; all chains must have one length`,
    );
  }
  const variables = names.map(
    (name, i): Variable => ({
      name,
      chains: sorted.map(({ values }) => values.subarray(i * header.draws, i * header.draws + drawn)),
    }),
  );
  return { variables: guessHint(variables), sampler: {} };
}

function readHeader(line: string): Header {
  const header = parsed(line, 'line 1') as unknown as Header & { readonly schema: unknown };
  const whole = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;
  const shaped =
    Array.isArray(header.variables) &&
    header.variables.every(
      ({ name, coords }) => typeof name === 'string' && Array.isArray(coords) && coords.every(Array.isArray),
    );
  if (
    header.schema !== DRAWS_LINES_SCHEMA ||
    header.version !== 1 ||
    !whole(header.chains) ||
    !whole(header.draws) ||
    !shaped
  ) {
    throw wrong(
      'line 1',
      `is not that of lines of draws, ${DRAWS_LINES},"version":1,"chains":...,"draws":...,"variables":[...]}`,
    );
  }
  return header;
}

/** The names of a variable's quantities, row-major: `u_county[AITKIN,floor]`. */
function scalarNames({ name, coords }: LinesVariable): string[] {
  let labels = [''];
  coords.forEach((dimension, d) => {
    labels = labels.flatMap((before) => dimension.map((label) => (d === 0 ? label : `${before},${label}`)));
  });
  return coords.length === 0 ? [name] : labels.map((label) => `${name}[${label}]`);
}

/**
 * Puts a variable of a draw to its place among its chain's values, [scalar][draw], and gives the number of the next
 * scalar.
 */
function takeDraw(
  draw: Readonly<Record<string, unknown>>,
  { name, coords }: LinesVariable,
  values: Float64Array,
  scalar: number,
  row: number,
  at: number,
  where: string,
): number {
  let next = scalar;
  const walk = (part: unknown, depth: number): void => {
    if (depth < coords.length) {
      if (!Array.isArray(part) || part.length !== coords[depth]!.length) {
        throw wrong(where, `does not have ${JSON.stringify(name)} in the dimensions of line 1`);
      }
      for (const entry of part) walk(entry, depth + 1);
      return;
    }
    if (typeof part !== 'number') throw wrong(where, `has no number where one of ${JSON.stringify(name)} is expected`);
    values[next * row + at] = part;
    next += 1;
  };
  walk(Object.hasOwn(draw, name) ? draw[name] : undefined, 0);
  return next;
}

function parsed(line: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown = null;
  try {
    value = JSON.parse(line);
  } catch {}
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DiagnosticsError('bad-json', `${where} of the draws is no JSON object: the file was cut off or changed`);
}

function wrong(where: string, what: string): DiagnosticsError {
  return new DiagnosticsError('bad-shape', `${where} of the draws ${what}`);
}

/** Lines of a text in pieces, without those of blanks alone. */
function* linesOf(pieces: Iterable<string>): Generator<string> {
  const given: unknown = pieces;
  const listed = typeof given === 'string' || (typeof given === 'object' && given !== null && Symbol.iterator in given);
  if (!listed) throw new DiagnosticsError('bad-json', `expected the pieces of a text of draws, not ${quote(given)}`);
  let waiting: string[] = [];
  for (const piece of pieces) {
    if (typeof piece !== 'string') throw new DiagnosticsError('bad-json', `a piece of the text is ${quote(piece)}`);
    let at = 0;
    for (let end = piece.indexOf('\n'); end >= 0; end = piece.indexOf('\n', at)) {
      waiting.push(piece.slice(at, end));
      const line = waiting.join('');
      waiting = [];
      if (line.trim() !== '') yield line;
      at = end + 1;
    }
    if (at < piece.length) waiting.push(piece.slice(at));
  }
  const last = waiting.join('');
  if (last.trim() !== '') yield last;
}
