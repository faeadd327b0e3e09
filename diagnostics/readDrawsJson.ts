import type { Variable } from './chains.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { guessHint } from './guessHint.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const isArray = (value: unknown): value is readonly Json[] => Array.isArray(value) || ArrayBuffer.isView(value);
const isRecord = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !isArray(value);

// What R (jsonlite), Python and JavaScript write for numbers that JSON has no way to write.
const SPECIAL: Readonly<Record<string, number>> = {
  NA: Number.NaN,
  NaN: Number.NaN,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function toNumber(value: Json | undefined, place: string): number {
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  if (typeof value === 'string' && Object.hasOwn(SPECIAL, value)) return SPECIAL[value]!;
  throw new DiagnosticsError('not-numeric', `${place} is ${JSON.stringify(value)}, not a number`);
}

function shapeOf(value: Json | undefined): number[] {
  return isArray(value) ? [value.length, ...shapeOf(value[0])] : [];
}

/** Writes the elements of one draw, last index fastest, into column `draw` of the element series. */
function scatter(
  value: Json | undefined,
  shape: readonly number[],
  series: Float64Array[],
  draw: number,
  place: string,
): void {
  let element = 0;
  const walk = (part: Json | undefined, depth: number): void => {
    if (depth === shape.length) {
      series[element++]![draw] = toNumber(part, place);
      return;
    }
    if (!isArray(part) || part.length !== shape[depth]) {
      throw new DiagnosticsError(
        'bad-shape',
        `${place} does not have the dimensions ${shape.join(' x ')} of the first draw`,
      );
    }
    for (const item of part) walk(item, depth + 1);
  };
  walk(value, 0);
}

/** Labels of the elements of an array: the coordinates of its dims where given, else positions from 0 as ArviZ prints them. */
function elementNames(
  name: string,
  shape: readonly number[],
  dims: Json | undefined,
  coords: Json | undefined,
): string[] {
  let names = [''];
  shape.forEach((size, axis) => {
    const dim = isArray(dims) ? dims[axis] : undefined;
    const labels = isRecord(coords) && typeof dim === 'string' ? coords[dim] : undefined;
    const fits = isArray(labels) && labels.length === size;
    names = names.flatMap((prefix) =>
      Array.from({ length: size }, (_, i) => `${prefix}${prefix === '' ? '' : ','}${fits ? String(labels[i]) : i}`),
    );
  });
  return shape.length === 0 ? [name] : names.map((index) => `${name}[${index}]`);
}

/** One named array [chain][draw][...dims] as one variable per element. */
function fromArray(name: string, value: Json, dims?: Json, coords?: Json): Variable[] {
  if (!isArray(value) || value.length === 0 || !value.every((chain) => isArray(chain) && chain.length > 0)) {
    throw new DiagnosticsError(
      'bad-shape',
      `"${name}" is not an array of chains, each an array of draws: [chain][draw][...]`,
    );
  }
  const chains = value as readonly (readonly Json[])[];
  const shape = shapeOf(chains[0]![0]);
  const size = shape.reduce((product, length) => product * length, 1);
  const series = chains.map((chain) => Array.from({ length: size }, () => new Float64Array(chain.length)));
  chains.forEach((chain, c) => {
    for (let s = 0; s < chain.length; s++) {
      scatter(chain[s], shape, series[c]!, s, `draw ${s + 1} of chain ${c + 1} of "${name}"`);
    }
  });
  return elementNames(name, shape, dims, coords).map((variable, e) => ({
    name: variable,
    chains: series.map((elements) => elements[e]!),
  }));
}

/** posterior's draws_list: an array of chains, each { name: [draws] }. */
function fromDrawsList(list: readonly { readonly [key: string]: Json }[]): Variable[] {
  const names = Object.keys(list[0]!);
  return names.flatMap((name) => {
    const missing = list.findIndex((chain) => !Object.hasOwn(chain, name));
    if (missing >= 0) {
      throw new DiagnosticsError(
        'bad-shape',
        `chain ${missing + 1} has no "${name}", which chain 1 has; all chains must hold the same variables`,
      );
    }
    return fromArray(
      name,
      list.map((chain) => chain[name]!),
    );
  });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new DiagnosticsError(
      'bad-json',
      `the draws are not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Draws from JSON text, or from the object it parses to, in any of four shapes:
 * - ArviZ: `{ posterior: { name: [chain][draw][...dims] }, coords?, dims? }`; elements are named by their coordinates where
 *   `dims` and `coords` give them (`beta[floor]`), else by position from 0 (`theta[0,2]`);
 * - the inner object alone, `{ name: [chain][draw][...dims] }`;
 * - posterior's draws_list, `[{ name: [draws] }, …]`, one object per chain;
 * - one quantity, `[[draws], …]`, one array per chain, named "draws".
 *
 * null, "NA" and "NaN" become NaN, "Inf" and "-Inf" infinities. Hints are guessed as `guessHint` says. Throws DiagnosticsError
 * `bad-json`, `bad-shape`, `not-numeric`, `no-variables`, naming the place.
 */
export function readDrawsJson(source: unknown): Variable[] {
  const json = typeof source === 'string' ? parse(source) : (source as Json);
  let variables: Variable[] = [];
  if (isArray(json) && json.length > 0 && json.every(isRecord)) {
    variables = fromDrawsList(json as readonly { readonly [key: string]: Json }[]);
  } else if (isArray(json)) {
    variables = fromArray('draws', json);
  } else if (isRecord(json)) {
    const posterior = json['posterior'];
    const inner = isRecord(posterior) ? posterior : json;
    const { dims, coords } = inner === json ? {} : json;
    variables = Object.entries(inner).flatMap(([name, value]) =>
      fromArray(name, value, isRecord(dims) ? dims[name] : undefined, coords),
    );
  } else {
    throw new DiagnosticsError(
      'bad-shape',
      `the draws are ${json === null ? 'null' : `a ${typeof json}`}; give an object { name: [chain][draw] } or an array of chains`,
    );
  }
  if (variables.length === 0) throw new DiagnosticsError('no-variables', 'the JSON holds no variables');
  return guessHint(variables);
}
