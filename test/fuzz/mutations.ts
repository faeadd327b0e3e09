import fc from 'fast-check';

/** Values that no reader may trip over, as JSON holds them. */
export const jsonOddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  2,
  3,
  1e308,
  -1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  1e15,
  '',
  ' ',
  '0',
  '1',
  'NaN',
  'x',
  'y',
  'g',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u0000',
  '\ud800',
  '💥',
  '~',
  '1 + x',
  [],
  {},
  [[]],
  [null],
  [1, 2],
  ['x'],
  ['1', 'x'],
  { kind: 'prior', distribution: 'normal', mean: 0, sd: 1 },
  { kind: 'prior', distribution: 'flat' },
  { kind: 'prior', distribution: 'halfT', df: 3, scale: 1 },
  { kind: 'prior', distribution: 'default' },
  { length: 3 },
  { length: 1e12 },
];

/** Values that only a program can pass. */
export const programOddities: readonly unknown[] = [
  ...jsonOddities,
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  10n,
  Symbol('s'),
  () => 1,
  new Date(0),
  new Date(Number.NaN),
  /x/,
  new Map([['a', 1]]),
  new Set([1]),
  new Float64Array(3),
  new Float32Array([1, Number.NaN, 3]),
  new BigInt64Array(2),
  new Uint8Array(0),
  new DataView(new ArrayBuffer(8)),
  new ArrayBuffer(8),
  new Array(5),
  Object.create(null),
  Object.freeze({ kind: 'mcmc' }),
  new Error('no'),
  Promise.resolve(1),
];

/** Names near those in use, and those that objects have by themselves. */
export const oddNames: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'length',
  'hasOwnProperty',
  '',
  ' ',
  'x',
  'y',
  'g',
  '0',
  'a b',
  'a:b',
  'Intercept',
  '(Intercept)',
  'beta',
  'sigma',
  'mean',
  'q5',
  '`x`',
  'x\ny',
  '💥',
];

export const jsonOddity: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...jsonOddities),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.string({ maxLength: 12 }),
);

/**
 * A change of a JSON value: which of its places (as a fraction of all, in the order of the text), and what is done
 * there.
 */
export interface JsonChange {
  readonly at: number;
  readonly action: 'replace' | 'remove' | 'rename' | 'copy' | 'double' | 'nudge';
  readonly value: unknown;
  readonly name: string;
  readonly from: number;
}

export const jsonChange: fc.Arbitrary<JsonChange> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  action: fc.constantFrom('replace', 'replace', 'remove', 'rename', 'copy', 'double', 'nudge'),
  value: jsonOddity,
  name: fc.constantFrom(...oddNames),
  from: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
});

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

function places(value: unknown, into: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return into;
  for (const key of Object.keys(value)) {
    into.push({ parent: value as Record<string, unknown>, key });
    places((value as Record<string, unknown>)[key], into);
  }
  return into;
}

function put(parent: Place['parent'], key: string, value: unknown): void {
  // Not an assignment: that would set the prototype for a key of that name.
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The JSON value with the changes made, one after the other; the value given is left alone. */
export function changedJson(value: unknown, changes: readonly JsonChange[]): unknown {
  const root = { value: structuredClone(value) };
  for (const { at, action, value: given, name, from } of changes) {
    const all = places(root);
    const { parent, key } = all[Math.floor(at * all.length)]!;
    const old = (parent as Record<string, unknown>)[key];
    const other = all[Math.floor(from * all.length)]!;
    switch (action) {
      case 'replace':
        put(parent, key, structuredClone(given));
        break;
      case 'remove':
        if (parent === (root as unknown)) break;
        if (Array.isArray(parent)) parent.splice(Number(key), 1);
        else delete parent[key];
        break;
      case 'rename':
        if (Array.isArray(parent) || parent === (root as unknown)) break;
        delete parent[key];
        put(parent, name, old);
        break;
      case 'copy':
        put(parent, key, structuredClone((other.parent as Record<string, unknown>)[other.key]));
        break;
      case 'double':
        if (Array.isArray(old)) old.push(...structuredClone(old.slice(0, 1)));
        else if (!Array.isArray(parent)) put(parent, name, structuredClone(old));
        break;
      case 'nudge':
        if (typeof old === 'number') put(parent, key, -old);
        else if (typeof old === 'string') put(parent, key, `${old}${name}`);
        break;
    }
  }
  return root.value;
}

/** A change of a text: pieces of it cut out, repeated, moved, or replaced by one of the fragments. */
export function changedText(texts: readonly string[], fragments: readonly string[]): fc.Arbitrary<string> {
  const position = fc.double({ min: 0, max: 1, noNaN: true });
  const edit = fc.record({
    at: position,
    length: fc.integer({ min: 0, max: 6 }),
    fragment: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...fragments) },
      { weight: 1, arbitrary: fc.string({ maxLength: 4 }) },
    ),
    copies: fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom(0, 1, 1, 1, 2) },
      { weight: 1, arbitrary: fc.constantFrom(50, 3000) },
    ),
  });
  return fc
    .record({ text: fc.constantFrom(...texts), edits: fc.array(edit, { maxLength: 3, size: 'xsmall' }) })
    .map(({ text, edits }) =>
      edits.reduce((given, { at, length, fragment, copies }) => {
        const start = Math.floor(at * given.length);
        return given.slice(0, start) + fragment.repeat(copies) + given.slice(start + length);
      }, text),
    );
}
