import fc from 'fast-check';
import type { FamilySpelling } from '../../src/families/family.ts';
import { formula } from '../../src/formula/formula.ts';
import { formulaText } from '../../src/graph/formulaText.ts';
import { graphFromJson } from '../../src/graph/modelGraph.ts';
import { describe } from '../../src/report/describe.ts';
import { answered, expectSame, type FuzzedInput } from './input.ts';
import { changedText } from './mutations.ts';

const valid = [
  'y ~ x',
  'y ~ 1 + (1 | g)',
  'y ~ 0 + g + x',
  'y ~ x * w + (1 + x | g)',
  'log(y) ~ . - z + (1 | a/b)',
  'y | se(s) ~ 1 + (1 | study)',
  'y | weights(w) ~ poly(x, 2) + f + offset(o) + (1 + x || g)',
  'y | trials(n) ~ scale(x) + (1 | herd:period)',
  'y | exposure(t) + weights(w) ~ offset(log(z)) + x + (1 | g)',
  'I(y / 100) ~ I(x ^ 2) + exp(-z) + (x + z | g) + (1 | h)',
  'y ~ (a + b + c) ^ 2 - a:b + factor(k, ref = "Public")',
  'y ~ within(x, g) + between(x, g) + (within(x, g) | g)',
  '`odd name` ~ `a b`:c + (1 | `g h`)',
  'y ~ center(x) + sqrt(z) + (0 + x | g)',
];
const fragments = [
  ...['~', '+', '-', ':', '*', '^', '/', '(', ')', '|', '||', '.', ',', '=', '"', '`', ' ', '\n', '\t', '0', '1', '2'],
  ...['9', '1e9', '1e400', '0x1', '.5', '99999999999999999999', 'x', 'y', 'g', 'z', '__proto__', 'constructor'],
  ...[
    'I(',
    'poly(',
    'poly(x, 2)',
    'scale(x)',
    'factor(',
    'interaction(',
    'interaction(f, k)',
    'ref = "a"',
    'offset(',
    'se(s)',
    'weights(w)',
    'trials(n)',
    'exposure(t)',
  ],
  ...[
    'within(x, g)',
    'between(',
    '(1 | g)',
    '(1 + x || h)',
    '+ (a + b + c + d + e) ^ 5',
    '%in%',
    '\\',
    '\u0000',
    'é',
    '💥',
  ],
  ...['-x', '- -', '~ ~', 'log(log(', 'NaN', 'Infinity', 'toString', '//', '#', ';', '\u2028', '\ud800'],
];
const families: readonly (FamilySpelling | undefined)[] = [
  undefined,
  undefined,
  'gaussian',
  'binomial',
  'probit',
  'poisson',
  'negativeBinomial',
  'betaBinomial',
  'ordinal',
  'ordinalProbit',
];
const level2s = [
  ...new Array<undefined>(8).fill(undefined),
  { g: '~ w' },
  { g: '~ w + v', h: '~ 1' },
  { g: { 1: '~ w', x: '~ 1' } },
  { g: '~' },
];

interface Case {
  readonly text: string;
  readonly family: FamilySpelling | undefined;
  readonly level2: (typeof level2s)[number];
}

/** The text of a formula, with a family and level-2 regressions beside it. */
export const formulaTexts: FuzzedInput<Case> = {
  name: 'formula text',
  holds: 'a graph that survives JSON and is described, or a sentence',
  cases: fc.record({
    text: fc.oneof(
      { weight: 8, arbitrary: changedText(valid, fragments) },
      { weight: 1, arbitrary: fc.string() },
      {
        weight: 1,
        arbitrary: fc.array(fc.constantFrom(...fragments), { maxLength: 12 }).map((list) => `y ~ ${list.join('')}`),
      },
    ),
    family: fc.constantFrom(...families),
    level2: fc.constantFrom(...level2s),
  }),
  run({ text, family, level2 }) {
    const graph = answered(() => formula(text, { family, level2 } as Parameters<typeof formula>[1]));
    if (graph === null) return false;
    const json = JSON.stringify(graph);
    expectSame(json, JSON.stringify(graphFromJson(JSON.parse(json))), 'graph through JSON');
    if (describe(graph).length === 0) throw new Error('no description');
    if (level2 === undefined) {
      const again = formula(formulaText(graph).formula, { family });
      expectSame(json, JSON.stringify(again), 'graph through its formula');
    }
    return true;
  },
};
