import { describe, expect, test } from 'vitest';
import type { ModelData, Table } from '../../src/data/frame.ts';
import { toFrame } from '../../src/data/toFrame.ts';
import { Fnv1a, fingerprint } from '../../src/files/fingerprint.ts';

const of = (rows: Table, groups: ModelData['groups'] = {}): string =>
  fingerprint({
    rows: toFrame(rows, 'rows'),
    tables: new Map(Object.entries(groups).map(([name, table]) => [name, toFrame(table, name)])),
  });

describe('the fingerprint of data', () => {
  // Vectors of the authors of FNV (Fowler, Noll & Vo), test_fnv.c.
  test.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
    ['chongo was here!\n', '46810940eff5f915'],
  ])('hashes %j as FNV-1a in 64 bits does', (text, expected) => {
    const hash = new Fnv1a();
    hash.bytes(new TextEncoder().encode(text));
    expect(hash.digest()).toBe(expected);
  });

  test('is that of 64-bit integer arithmetic for any bytes', () => {
    const bytes = Uint8Array.from({ length: 3000 }, (_, i) => (i * i * 31 + (i >> 3)) & 0xff);
    let exact = 0xcbf29ce484222325n;
    for (const byte of bytes) exact = ((exact ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    const hash = new Fnv1a();
    hash.bytes(bytes);
    expect(hash.digest()).toBe(exact.toString(16).padStart(16, '0'));
  });

  const rows = { y: [1, 2, 3], g: ['a', 'b', 'b'] };

  test('does not depend on the order of columns or tables, nor on how the table was given', () => {
    const tables = { g: { g: ['a', 'b'], w: [1, 2] }, h: { h: ['c'], v: [3] } };
    expect(of({ g: rows.g, y: rows.y }, { h: tables.h, g: tables.g })).toBe(of(rows, tables));
    expect(
      of([
        { y: 1, g: 'a' },
        { y: 2, g: 'b' },
        { y: 3, g: 'b' },
      ]),
    ).toBe(of(rows));
  });

  test.each<[string, Table]>([
    ['one bit of one number', { ...rows, y: [1, 2, 3 + 2 ** -51] }],
    ['the order of rows', { y: [1, 3, 2], g: ['a', 'b', 'b'] }],
    ['the name of a column', { y: rows.y, h: rows.g }],
    ['a level', { y: rows.y, g: ['a', 'b', 'c'] }],
    ['numbers for text', { y: ['1', '2', '3'], g: rows.g }],
    ['where one text ends and the next begins', { y: rows.y, g: ['ab', '', 'b'] }],
    ['a further column', { ...rows, x: [0, 0, 0] }],
    ['a missing value', { ...rows, g: ['a', 'b', null] }],
  ])('changes with %s', (_, other) => {
    expect(of(other)).not.toBe(of(rows));
  });
});
