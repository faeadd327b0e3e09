import type { Column, Frame, ModelData } from '../data/frame.ts';
import type { Design } from '../design/design.ts';
import type { FitFileAxes } from './fitFile.ts';
import { readList, readNumber, readObject, readOwn, readText, readWhole, wrong } from './jsonReader.ts';
import { numberText } from './numberText.ts';

/**
 * Where a column of the data stands: `rows` or `groups.<factor>`, its name there, its kind and its key in
 * `constant_data`.
 */
export interface StoredColumn {
  readonly place: string;
  readonly name: string;
  readonly kind: Column['kind'];
  readonly key: string;
}

/** The data of a design as a fit file holds it. */
export interface StoredData {
  readonly columns: readonly StoredColumn[];
  /** JSON text of `constant_data` and `observed_data`. */
  readonly constantData: string;
  readonly observedData: string;
  /** Dimensions of the arrays in both. */
  readonly dims: ReadonlyMap<string, readonly string[]>;
}

/**
 * The used columns of the rows and group tables, and the response (0 and 1 for one of two levels; with `trials` for
 * counted successes), as ArviZ arrays. A column's key is its name; where a variable, a dimension or another column has
 * that name, `rows.<name>` or `groups.<factor>.<name>`.
 */
export function dataJson(design: Design, axes: FitFileAxes): StoredData {
  const taken = new Set(['chain', 'draw', axes.row, ...axes.dims.keys(), ...axes.coords.keys()]);
  const dims = new Map<string, readonly string[]>();
  const keyOf = (place: string, name: string): string => {
    let key = taken.has(name) ? `${place}.${name}` : name;
    while (taken.has(key)) key += '_';
    taken.add(key);
    return key;
  };
  const columns: StoredColumn[] = [];
  const texts: string[] = [];
  const add = (place: string, dim: string, frame: Frame): void => {
    for (const [name, column] of frame.columns) {
      const key = keyOf(place, name);
      columns.push({ place, name, kind: column.kind, key });
      texts.push(`${JSON.stringify(key)}:${columnText(column)}`);
      dims.set(key, [dim]);
    }
  };
  const response = keyOf('response', design.response.label);
  const sameAsColumn = response === design.response.label && design.rows.columns.has(response);
  if (sameAsColumn) taken.delete(response);
  dims.set(response, [axes.row]);
  const observed = [`${JSON.stringify(response)}:${columnText({ kind: 'number', values: design.response.y })}`];
  add('rows', axes.row, design.rows);
  for (const [name, frame] of design.tables) {
    const own = axes.dims.get(`u_${name}`)?.[0];
    add(`groups.${name}`, own ?? keyOf(`groups.${name}`, name), frame);
  }
  for (const name of ['trials', 'exposure'] as const) {
    const values = design.response[name];
    if (!values) continue;
    const key = keyOf('response', name);
    dims.set(key, [axes.row]);
    observed.push(`${JSON.stringify(key)}:${columnText({ kind: 'number', values })}`);
  }
  return { columns, constantData: `{${texts.join(',')}}`, observedData: `{${observed.join(',')}}`, dims };
}

function columnText(column: Column): string {
  if (column.kind === 'text') return JSON.stringify(column.values);
  const texts = new Array<string>(column.values.length);
  for (let i = 0; i < texts.length; i += 1) {
    const value = column.values[i]!;
    texts[i] = Number.isNaN(value) ? 'null' : numberText(value);
  }
  return `[${texts.join(',')}]`;
}

/** The list of columns of a parsed fit file. Throws `fit-file`. */
export function readStoredColumns(value: unknown, place: string): StoredColumn[] {
  return readList(value, place).map((entry, i) => {
    const at = `${place}[${i}]`;
    const object = readObject(entry, at);
    const kind = readOwn(object, 'kind', at);
    if (kind !== 'number' && kind !== 'text') throw wrong(`${at}.kind`, 'is neither "number" nor "text"');
    const text = (key: string): string => readText(readOwn(object, key, at), `${at}.${key}`);
    const column: StoredColumn = { place: text('place'), name: text('name'), kind, key: text('key') };
    if (column.place !== 'rows' && !column.place.startsWith('groups.')) {
      throw wrong(`${at}.place`, `is ${JSON.stringify(column.place)}; accepted are "rows" and "groups.<factor>"`);
    }
    return column;
  });
}

/** The rows and group tables in a parsed `constant_data`. Throws `fit-file`. */
export function readData(
  value: unknown,
  columns: readonly StoredColumn[],
  n: number,
): ModelData & { readonly rows: Frame } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) readObject(value, 'constant_data');
  const object = value as Readonly<Record<string, unknown>>;
  const frames = new Map<string, { n: number; columns: Map<string, Column> }>([['rows', { n, columns: new Map() }]]);
  for (const { place, name, kind, key } of columns) {
    const at = `constant_data[${JSON.stringify(key)}]`;
    const list = readList(readOwn(object, key, 'constant_data'), at, frames.get(place)?.n);
    const frame = frames.get(place) ?? { n: list.length, columns: new Map<string, Column>() };
    if (frame.columns.has(name)) {
      throw wrong('partial_pooling.data.columns', `name ${JSON.stringify(name)} of ${place} twice`);
    }
    frames.set(place, frame);
    frame.columns.set(name, readColumn(list, kind, at));
  }
  const groups = [...frames]
    .filter(([place]) => place !== 'rows')
    .map(([place, frame]) => [place.slice('groups.'.length), frame] as const);
  return { rows: frames.get('rows')!, groups: Object.fromEntries(groups) };
}

function readColumn(list: readonly unknown[], kind: Column['kind'], at: string): Column {
  if (kind === 'text') {
    return {
      kind,
      values: list.map((entry, i) => (entry === null ? null : readText(entry, `${at}[${i}]`))),
    };
  }
  return {
    kind,
    values: Float64Array.from(list, (entry, i) => (entry === null ? Number.NaN : readNumber(entry, `${at}[${i}]`))),
  };
}

/** The number of rows that a fit file says its data have. Throws `fit-file`. */
export function readRowCount(value: unknown, place: string): number {
  return readWhole(value, place, 1, 2 ** 31 - 1);
}
