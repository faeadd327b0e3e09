import { describe, expect, it } from 'vitest';
import { faultPlace } from '../../../examples/browser/engine/faultPlace.ts';
import { builtFormula, readFormula } from '../../../examples/browser/page/builtFormula.ts';
import { completions } from '../../../examples/browser/page/completions.ts';
import type { ColumnChip } from '../../../examples/browser/protocol.ts';
import { maximumLikelihood } from '../../../src/index.ts';
import { faultOf } from '../../faultOf.ts';

const column = (name: string, more: Partial<ColumnChip> = {}): ColumnChip => ({
  numbersRows: false,
  name,
  kind: 'number',
  missing: 0,
  distinct: 50,
  bins: [],
  groups: false,
  constantIn: null,
  note: '',
  ...more,
});
const columns = [
  column('log_radon'),
  column('floor'),
  column('log_uranium', { constantIn: 'county' }),
  column('county', { kind: 'text', groups: true }),
  column('first year'),
  column('broken', { kind: 'unusable' }),
];

describe('what may follow in a formula', () => {
  const texts = (formula: string, caret = formula.length): string[] =>
    completions(formula, caret, columns).map(({ text }) => text);

  it('is a column that begins as the word does, then a function, then a column that holds it', () => {
    expect(texts('log')).toEqual(['log_radon', 'log_uranium']);
    expect(texts('log_radon ~ log')).toEqual(['log_radon', 'log_uranium', 'log(', 'log2(', 'log10(', 'log1p(']);
    expect(texts('log_radon ~ rad')).toEqual(['log_radon']);
    expect(texts('log_radon ~ YEAR')).toEqual(['`first year`']);
    expect(texts('log_radon ~ bro')).toEqual([]);
  });

  it('is what the sign before it asks for', () => {
    expect(texts('')).toEqual(['log_radon', 'floor', 'log_uranium', '`first year`']);
    expect(texts('log_radon ~ ')).toEqual(['floor', 'log_uranium', 'county', '`first year`']);
    expect(texts('log_radon ~ floor + (1 | ')).toEqual(['county']);
    expect(texts('log_radon ~ floor + (1 | c')).toEqual(['county', 'cos(', 'center(']);
    expect(texts('log_radon ~ floor ')).toEqual([]);
  });

  it('takes the place of the word before the caret, in the middle of a line, too', () => {
    expect(completions('log_radon ~ flo + (1 | county)', 15, columns)).toEqual([
      { text: 'floor', says: 'numbers', from: 12, to: 15 },
    ]);
    expect(texts('log_radon ~ floor', 17)).toEqual([]);
  });
});

describe('the sentence that builds a formula', () => {
  it.each([
    'log_radon ~ 1',
    'log_radon ~ floor',
    'log_radon ~ floor + (1 | county)',
    'log_radon ~ floor + `first year` + (1 + floor | county)',
    'floor ~ 1 + (1 | county)',
  ])('says %s, and writes it again', (text) => {
    expect(builtFormula(readFormula(text, columns)!)).toBe(text);
  });

  it('reads a formula without spaces, or with the groups first', () => {
    const built = { response: 'log_radon', predictors: ['floor'], factor: 'county', slopes: ['floor'] };
    expect(readFormula('log_radon~floor+(floor|county)', columns)).toEqual(built);
    expect(readFormula('log_radon ~ (1 | county)', columns)).toEqual({ ...built, predictors: [], slopes: [] });
  });

  it.each([
    'log_radon ~ floor * log_uranium',
    'log_radon ~ log(floor)',
    'y ~ floor',
    'log_radon',
    '~ floor',
    'log_radon ~ floor + (1 | county) + (1 | floor)',
    'log_radon ~ (floor | county)',
    '',
  ])('does not say %j', (text) => {
    expect(readFormula(text, columns)).toBeNull();
  });
});

describe('the place of a fault in a formula', () => {
  const rows = { y: [1, 2, 3, 4], x: [1, 0, 1, 0], g: ['a', 'a', 'b', 'b'], one: [1, 1, 1, 1] };
  it.each([
    ['y ~ x + (1 | g', ''],
    ['y ~ flor + (1 | g)', 'flor'],
    ['y ~ x + (1 | group)', 'group'],
    ['y ~ x * * z', '*'],
    ['y ~ x ? z', '?'],
    ['y ~ x + log(x)', 'log(x)'],
    ['y ~ x + scale(one)', 'scale(one)'],
  ])('of %s is %j', (formula, word) => {
    const error = faultOf(() => maximumLikelihood(formula, rows));
    const [from, to] = faultPlace(formula, error)!;
    expect(formula.slice(from, to)).toBe(word);
    if (word === '') expect(from).toBe(formula.length);
  });

  it('is none where the error is about the whole', () => {
    const error = faultOf(() => maximumLikelihood('y ~ x + (1 | g)', { ...rows, y: [1, 1, 1, 1] }));
    expect(faultPlace('y ~ x + (1 | g)', error)).toBeNull();
  });
});
