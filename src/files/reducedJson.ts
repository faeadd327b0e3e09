import type { Frame, ModelData } from '../data/frame.ts';
import { type Moments, productFactors, productKey, type ReducedRows } from '../data/reducedRows.ts';
import { nameText } from '../formula/scanner.ts';
import { readList, readNumber, readObject, readOwn, readText, readWhole, wrong } from './jsonReader.ts';

/**
 * What a fit file holds of rows that a database reduced, beside their columns: `observations` and `dropped` rows of the
 * table, the `statements`, how many rows each row stands for (`counts`) and, of moments, the `values` of expressions
 * that are no columns, `scales` and `products`. Numbers read back to the same bits.
 */
export function reducedJson({ reduced, columns }: Frame): Record<string, unknown> | null {
  if (!reduced) return null;
  const { observations, dropped, statements, counts, moments } = reduced;
  const named = new Set([...columns.keys()].map(nameText));
  return {
    observations,
    dropped,
    statements,
    counts: Array.from(counts),
    moments: moments && {
      values: entries(new Map([...moments.values].filter(([text]) => !named.has(text)))),
      scales: [...moments.scales].map(([text, { shift, unit }]) => ({ text, shift, unit })),
      products: [...moments.products].map(([key, values]) => ({
        factors: productFactors(key),
        values: Array.from(values),
      })),
    },
  };
}

function entries(columns: ReadonlyMap<string, Float64Array>) {
  return [...columns].map(([text, values]) => ({ text, values: Array.from(values) }));
}

/** The data that a file holds, of reduced rows with what these stand for. Throws `fit-file`. */
export function withReduced(
  data: ModelData & { readonly rows: Frame },
  stored: Readonly<Record<string, unknown>>,
  at: string,
): ModelData {
  if (!Object.hasOwn(stored, 'reduced')) return data;
  return { ...data, rows: { ...data.rows, reduced: readReduced(stored['reduced'], `${at}.reduced`, data.rows) } };
}

function readReduced(value: unknown, place: string, { n, columns }: Frame): ReducedRows {
  const object = readObject(value, place);
  const own = (key: string): unknown => readOwn(object, key, place);
  const counts = numbers(own('counts'), `${place}.counts`, n);
  if (counts.some((count) => !(count > 0))) throw wrong(`${place}.counts`, 'holds a number that is not above 0');
  const statements = readList(own('statements'), `${place}.statements`).map((text, i) =>
    readText(text, `${place}.statements[${i}]`),
  );
  const moments = own('moments');
  return {
    counts,
    observations: readWhole(own('observations'), `${place}.observations`, 1, Number.MAX_SAFE_INTEGER),
    dropped: readWhole(own('dropped'), `${place}.dropped`, 0, Number.MAX_SAFE_INTEGER),
    statements,
    moments: moments === null ? null : readMoments(moments, `${place}.moments`, { n, columns }),
  };
}

function readMoments(value: unknown, place: string, { n, columns }: Frame): Moments {
  const object = readObject(value, place);
  const list = (key: string) =>
    readList(readOwn(object, key, place), `${place}.${key}`).map((entry, i) => {
      const at = `${place}.${key}[${i}]`;
      const parts = readObject(entry, at);
      return { at, of: (name: string): unknown => readOwn(parts, name, at) };
    });
  const values = new Map<string, Float64Array>();
  for (const [name, column] of columns) if (column.kind === 'number') values.set(nameText(name), column.values);
  for (const { at, of } of list('values')) {
    values.set(readText(of('text'), `${at}.text`), numbers(of('values'), `${at}.values`, n));
  }
  const scales = new Map<string, { shift: number; unit: number }>();
  for (const { at, of } of list('scales')) {
    const text = readText(of('text'), `${at}.text`);
    if (!values.has(text)) throw wrong(`${at}.text`, 'is neither a column nor one of the values');
    const unit = readNumber(of('unit'), `${at}.unit`);
    if (!(unit > 0)) throw wrong(`${at}.unit`, 'is not above 0');
    scales.set(text, { shift: readNumber(of('shift'), `${at}.shift`), unit });
  }
  const products = new Map<string, Float64Array>();
  for (const { at, of } of list('products')) {
    const factors = readList(of('factors'), `${at}.factors`).map((text, i) => readText(text, `${at}.factors[${i}]`));
    products.set(productKey(factors), numbers(of('values'), `${at}.values`, n));
  }
  return { values, scales, products };
}

function numbers(value: unknown, place: string, n: number): Float64Array {
  return Float64Array.from(readList(value, place, n), (entry, i) => readNumber(entry, `${place}[${i}]`));
}
