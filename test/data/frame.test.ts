import { describe, expect, it } from 'vitest';
import { isMissing, type Table } from '../../src/data/frame.ts';
import { toFrame, usableColumns } from '../../src/data/toFrame.ts';
import { ModelError } from '../../src/errors.ts';

function fault(table: unknown): ModelError {
  try {
    toFrame(table as Table, 'rows');
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

describe('toFrame', () => {
  it('reads columns by name, row objects and a frame to the same frame', () => {
    const byColumn = toFrame({ x: [1, 2.5, Number.NaN], g: ['a', null, 'b'] }, 'rows');
    const byRow = toFrame([{ x: 1, g: 'a' }, { x: 2.5 }, { g: 'b', x: undefined }], 'rows');
    const typed = toFrame({ x: Float32Array.of(1, 2.5, Number.NaN), g: ['a', null, 'b'] }, 'rows');
    expect(byRow).toEqual(byColumn);
    expect(typed).toEqual(byColumn);
    expect(toFrame(byColumn, 'rows')).toEqual(byColumn);
  });

  it('takes the union of the keys of row objects in the order of their first appearance', () => {
    const frame = toFrame([{ b: 1 }, { a: 2, b: 3 }, { c: 'x' }], 'rows');
    expect([...frame.columns.keys()]).toEqual(['b', 'a', 'c']);
    expect(frame.columns.get('c')).toEqual({ kind: 'text', values: [null, null, 'x'] });
  });

  it('takes NaN, null and undefined as missing, and a column of nothing else as numbers', () => {
    const frame = toFrame({ x: [null, undefined, Number.NaN], t: ['', 'NA', null] }, 'rows');
    expect(frame.columns.get('x')).toEqual({
      kind: 'number',
      values: Float64Array.of(Number.NaN, Number.NaN, Number.NaN),
    });
    expect([0, 1, 2].map((i) => isMissing(frame.columns.get('t')!, i))).toEqual([false, false, true]);
  });

  it('turns big integers into numbers where a double holds all of them, else into text', () => {
    const safe = { kind: 'number', values: Float64Array.of(1, -2, Number.NaN) };
    expect(toFrame({ x: [1n, -2n, null] }, 'rows').columns.get('x')).toEqual(safe);
    expect(toFrame({ x: BigInt64Array.of(1n, 2n) }, 'rows').columns.get('x')!.values).toEqual(Float64Array.of(1, 2));
    const ids = [9007199254740992n, 9007199254740993n, null, 5];
    expect(toFrame({ x: ids }, 'rows').columns.get('x')).toEqual({
      kind: 'text',
      values: ['9007199254740992', '9007199254740993', null, '5'],
    });
    const far = BigUint64Array.of(2n ** 60n, 2n ** 60n + 1n);
    expect(toFrame({ x: far }, 'rows').columns.get('x')!.values).toEqual([
      '1152921504606846976',
      '1152921504606846977',
    ]);
  });

  it('reads an Arrow table by its vectors, nulls among them', () => {
    const vectors = new Map<string, readonly unknown[]>([
      ['y', [1, null, 2.5]],
      ['id', [1n, 2n, 3n]],
      ['g', ['a', 'b', null]],
    ]);
    const table = {
      schema: { fields: [...vectors.keys()].map((name) => ({ name })) },
      getChild: (name: string) => vectors.get(name) ?? null,
      toArray: () => [],
    };
    expect(toFrame(table, 'rows')).toEqual(toFrame({ y: [1, null, 2.5], id: [1, 2, 3], g: ['a', 'b', null] }, 'rows'));
  });

  it('refuses a date of an Arrow table where it is used, by its type: its values are numbers of milliseconds', () => {
    const table = {
      schema: { fields: [{ name: 'y' }, { name: 'd', type: { toString: () => 'Timestamp<MILLISECOND>' } }] },
      getChild: (name: string) => (name === 'y' ? [1, 2] : [0, null]),
    };
    const { columns, faults } = usableColumns(table, 'rows');
    expect([...columns.keys()]).toEqual(['y']);
    expect(faults!.get('d')!.message).toContain('column "d" holds a date in row 1');
    expect(() => toFrame(table, 'rows')).toThrow('holds a date');
  });

  it('turns booleans into the text FALSE and TRUE', () => {
    const frame = toFrame({ b: [true, false, null] }, 'rows');
    expect(frame.columns.get('b')).toEqual({ kind: 'text', values: ['TRUE', 'FALSE', null] });
  });

  it('copies the numbers, so that a later change of the caller does not reach the frame', () => {
    const x = Float64Array.of(1, 2);
    const frame = toFrame({ x }, 'rows');
    x[0] = 9;
    expect(frame.columns.get('x')!.values[0]).toBe(1);
  });

  it('accepts column names such as __proto__, constructor, with spaces and beyond ASCII', () => {
    const table = JSON.parse('{"__proto__": [1, 2], "constructor": [3, 4], "my column": [5, 6], "größe 🦆": [7, 8]}');
    const frame = toFrame(table, 'rows');
    expect([...frame.columns.keys()]).toEqual(['__proto__', 'constructor', 'my column', 'größe 🦆']);
    expect(frame.columns.get('__proto__')!.values[1]).toBe(2);
    const rows = toFrame(JSON.parse('[{"__proto__": 1}, {"__proto__": 2}]'), 'rows');
    expect(rows.columns.get('__proto__')!.values[1]).toBe(2);
  });

  it.each([
    [
      'columns of unequal length',
      { x: [1, 2], y: [1] },
      'unequal-columns',
      'rows: column "y" has 1 values and column "x" has 2',
    ],
    ['numbers mixed with text', { x: [1, null, 'b'] }, 'mixed-column', '1 in row 1, "b" in row 3'],
    ['numbers mixed with booleans', { x: [true, 2] }, 'mixed-column', '2 in row 2, true in row 1'],
    ['a length that is none', { x: { length: -1 } }, 'not-a-column', 'column "x" is an object; a column is an array'],
    [
      'more values than a table can hold',
      { x: { length: 1e12 } },
      'too-many-rows',
      'column "x" has 1000000000000 values; a column has at most 100000000',
    ],
    ['infinity', { x: [1, Number.NEGATIVE_INFINITY] }, 'infinite-value', 'column "x" is -Infinity in row 2'],
    [
      'infinity in a typed array',
      { x: Float32Array.of(Number.POSITIVE_INFINITY) },
      'infinite-value',
      'is Infinity in row 1',
    ],
    ['no columns', {}, 'empty-table', 'rows has no columns'],
    ['no rows', { x: [] }, 'empty-table', 'rows has no rows'],
    ['an empty list of rows', [], 'empty-table', 'rows has no columns'],
    ['a text as a column', { x: 'abc' }, 'not-a-column', 'column "x" is "abc"'],
    ['a number as a table', 3, 'not-a-table', 'rows is 3'],
    ['null as a table', null, 'not-a-table', 'rows is null'],
    ['a promise as a table', Promise.resolve([{ x: 1 }]), 'not-a-table', 'rows is the promise of a table; await it'],
    ['a Map as a table', new Map([['x', [1]]]), 'not-a-table', 'rows is a Map; a table is'],
    ['a row as a table', { x: 1 }, 'not-a-column', 'and one row is an array of one'],
    ['a row that is no object', [{ x: 1 }, 7], 'not-a-table', 'row 2 is 7'],
    ['an object as a value', { x: [1, { a: 1 }] }, 'not-a-value', 'column "x" holds an object in row 2'],
    ['a date', { x: [null, new Date(0)] }, 'not-a-value', 'column "x" holds a date in row 2; give it as a number'],
    ['big integers mixed with text', { x: [1n, 'a'] }, 'mixed-column', '1 in row 1, "a" in row 2'],
  ])('refuses %s in one sentence', (_, table, code, sentence) => {
    const error = fault(table);
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
    expect(error.message).not.toContain('\n');
  });
});
