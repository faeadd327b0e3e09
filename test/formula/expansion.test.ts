import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expander } from '../../src/formula/expansion.ts';
import { parseOneSided } from '../../src/formula/parser.ts';

/** What terms() of R 4.2.2 makes of these formulas; the script that made the file stands beside it. */
const fixture = new URL('../fixtures/formula/terms.json', import.meta.url);
const golden = JSON.parse(readFileSync(fixture, 'utf8')) as readonly { formula: string; terms: readonly string[] }[];

function terms(text: string): readonly string[] {
  const source = { text, where: 'formula' };
  const { intercept, terms: list } = expander(source)(parseOneSided(source));
  return [...(intercept === false ? [] : ['1']), ...list.map((term) => term.label)];
}

describe('expander', () => {
  it(`gives the terms of R, in its order and spelling, for ${golden.length} formulas`, () => {
    expect(golden.length).toBeGreaterThan(150);
    for (const { formula, terms: expected } of golden)
      expect([formula, terms(formula.slice(2))]).toEqual([formula, expected]);
  });

  it('orders the atoms of a product by their first appearance in everything it is given', () => {
    const source = { text: '~ b*a', where: 'formula' };
    const expand = expander(source);
    expand(parseOneSided(source));
    const later = expand(parseOneSided({ text: '~ a*b', where: 'formula' }));
    expect(later.terms.map((term) => term.label)).toEqual(['a', 'b', 'b:a']);
  });

  it('keeps . as a symbol: its place, and what was taken out of it', () => {
    const source = { text: '~ a + . - b - log(c) + d:e - a:b', where: 'formula' };
    const { terms: list, dot } = expander(source)(parseOneSided(source));
    expect(list.map((term) => term.label)).toEqual(['a', 'd:e']);
    expect(dot).toMatchObject({ position: 1, except: [{ label: 'b' }, { label: 'log(c)' }] });
    const dotOf = (text: string) => {
      const other = { text, where: 'formula' };
      return expander(other)(parseOneSided(other)).dot?.except.map((term) => term.label);
    };
    expect(dotOf('~ b - b + .')).toEqual([]);
    expect(dotOf('~ . - b + b')).toEqual([]);
    expect(dotOf('~ (. - b) + (. - b - c)')).toEqual(['b']);
  });

  it.each([
    ['~ .:x', "'.' stands only as a summand, not beside :"],
    ['~ (a + .)^2', "'.' stands only as a summand, not beside ^"],
    ['~ x - .', "'.' cannot be taken away"],
    ['~ x:1', 'the constants 0 and 1 stand only as summands, not beside :'],
    ['~ (a - 1)*b', 'the constants 0 and 1 stand only as summands, not beside *'],
    ['~ (a + (1 | g)):b', 'stand only as summands, not beside :'],
    ['~ (1 | g):b', '(... | ...) stands only as a summand'],
    ['~ a - (1 | g)', '(... | ...) cannot be taken away'],
    ['~ a - (b + offset(x))', 'cannot be taken away'],
    ['~ offset(x)*a', 'offset(...) stands only as a summand'],
    ['~ (a + b + c + d + e + f + g + h + i + j + k)^11', 'the product expands to more than 1000 terms'],
  ])('refuses %s', (text, message) => {
    expect(() => terms(text)).toThrow(message);
    expect(() => terms(text)).toThrow(expect.objectContaining({ code: 'formula-syntax' }));
  });

  it('answers products too large to expand at once', () => {
    const sum = 'a+b+c+d+e+f+g+h+i';
    const chain = Array(200).fill(`(${sum})^9`).join(':');
    expect(() => terms(`~ ${chain}`)).toThrow('the product is too large to expand');
    expect(() => terms(`~ ${Array.from({ length: 5000 }, (_, i) => `x${i}`).join(':')}`)).toThrow(
      'the product is too large',
    );
    expect(terms(`~ (${sum.slice(0, 9)})^1000000`).length).toBe(32);
  });

  it('takes thousands of plain summands', () => {
    const wide = Array.from({ length: 5000 }, (_, i) => `x${i}`);
    expect(terms(`~ ${wide.join(' + ')}`)).toEqual(['1', ...wide]);
  });
});
