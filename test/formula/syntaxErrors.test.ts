import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import { parsePrior } from '../../src/formula/parsePrior.ts';

function faultOf(text: string): ModelError {
  try {
    formula(text);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error(`no fault in ${text}`);
}

describe('syntax errors', () => {
  // The text, the place of the caret (marked by an arrow above it in the table: `^` under the character), and the
  // sentence.
  it.each([
    ['y ~ x + ', 8, 'expected a term (a column, a function of columns, 0, 1, a parenthesis), found the end'],
    ['y ~', 3, 'expected a term'],
    ['~ x', 0, 'expected a response, as in y ~ x, found ~'],
    ['', 0, 'expected a column, a number or a call, found the end'],
    ['y', 1, 'expected "~" between the response and the terms, found the end'],
    ['y ~ x ~ z', 6, 'a formula has one ~'],
    ['y ~ x z', 6, 'expected an operator (+ - : * / ^) or the end of the formula, found z'],
    ['y ~ x)', 5, 'this parenthesis was not opened'],
    ['y ~ (x', 6, 'expected ")" to close the parenthesis, found the end'],
    ['y ~ x + 1 | g', 10, 'a varying part stands in parentheses, as in (1 + x | g)'],
    ['y ~ (1 | g + h)', 11, 'one grouping factor stands after the bar'],
    ['y ~ (1 | log(g))', 9, 'expected a grouping factor'],
    ['y ~ (1 | )', 9, 'expected a grouping factor'],
    ['y ~ (1 | g/g)', 12, 'g stands twice in the grouping factor g:g'],
    ['y ~ (0 | g)', 4, 'this varying part has no varying term'],
    ['y ~ (x - x - 1 | g)', 4, 'this varying part has no varying term'],
    ['y ~ (. | g)', 4, "'.' stands only among the population terms"],
    ['y ~ ((1 | h) | g)', 4, 'a varying part has no offset and no varying part of its own'],
    ['y ~ 2*x', 4, 'the only numbers are 0 and 1'],
    ['y ~ x^1.5', 6, 'expected a whole number, 1 or more'],
    ['y ~ x^z', 6, 'the power of a column is written I(x^2)'],
    ['y ~ x ++', 8, 'expected a term'],
    ['y ~ "my column"', 4, 'a column stands without quotes, or in backticks: `my column`'],
    ['y ~ (1 | "g")', 9, 'a column stands without quotes, or in backticks: (1 | g)'],
    ['y ~ x + ar(time, g)', 8, 'there is no function ar; residuals that depend on each other are an option, residual:'],
    ['lmer(y ~ x)', 0, 'there is no function lmer; the text is the formula alone'],
    ['p(s, n) ~ x', 0, 'there is no function p; successes among trials are y | trials(n)'],
    ['y ~ random(g)', 4, 'what varies by a factor is (1 + x | g)'],
    ['y ~ np.log(x)', 4, 'there is no function np.log; did you mean log?'],
    ['y ~ Math.sqrt(x)', 4, 'there is no function Math.sqrt; did you mean sqrt?'],
    ['y ~ Poly(x, 2)', 4, 'there is no function Poly; did you mean poly?'],
    ['y ~ df$x', 6, 'a column is named alone'],
    ['y ∼ x', 2, 'the tilde of a formula is ~'],
    ['y ~ x + se(s)', 8, 'se(...) belongs to the response, as in y | se(x) ~ ...'],
    ['y | se(s) + weights(w) ~ x', 12, 'one of se(...) and weights(...) may be given'],
    [
      'y | trials(n) ~ x',
      4,
      'trials(...) belongs to the families binomialLogit (in short binomial) and betaBinomial (in short betabinomial), and the family is gaussian',
    ],
    ['y | trials(n) + se(s) ~ x', 16, 'one of se(...) and trials(...) may be given: known standard errors'],
    ['y | weights(v) + weights(w) ~ x', 17, 'weights(...) stands twice'],
    ['y | size(n) ~ x', 4, 'expected se(...), trials(...), exposure(...) or weights(...), found size'],
    ['scale(y) ~ x', 0, 'scale() stands only in the terms of a formula'],
    ['1 ~ x', 0, 'the response reads no column'],
    ['y ~ 0', 4, 'the formula has no term to estimate'],
    ['y ~ offset(x) - 1', 4, 'the formula has no term to estimate'],
    ['y ~ x & z', 6, 'the character & has no meaning here'],
    ['y ~ x > 3', 6, 'a comparison stands in I(...), as in I(x > 3)'],
    ['y ~ (x == 1 | g)', 7, 'a comparison stands in I(...)'],
    ['y ~ I(x > 3 & z)', 12, 'two conditions are joined by *'],
    ['y ~ `x', 4, 'the name that begins here has no closing `'],
    ['y ~ 📈', 4, 'the character 📈 has no meaning here'],
  ])('point at the place in %j', (text, place, sentence) => {
    const fault = faultOf(text);
    expect(fault.code).toBe('formula-syntax');
    const [first, quoted, caret] = fault.message.split('\n');
    expect(first).toContain(sentence);
    expect(quoted).toBe(`  ${text}`);
    expect(caret).toBe(`  ${' '.repeat(place)}^`);
  });

  it('quote the neighbourhood of a fault in a long text, line breaks as spaces', () => {
    const long = `y ~ ${Array.from({ length: 100 }, (_, i) => `x${i}`).join(' +\n')} $ z`;
    const [, quoted, caret] = faultOf(long).message.split('\n');
    expect(quoted!.length).toBeLessThan(140);
    expect(quoted![caret!.indexOf('^')]).toBe('$');
  });

  it.each([
    ['y ~ y', '"y" is in the response, and so it cannot stand in the term y'],
    ['log(y) ~ x:I(y^2)', 'cannot stand in the term x:I(y^2)'],
    ['y ~ (y | g)', 'cannot stand in the term y'],
    ['y ~ x + (1 | y)', 'cannot stand in the grouping factor y'],
    ['y ~ x + offset(log(y))', 'cannot stand in the offset log(y)'],
  ])('say that a response is no predictor of itself in %s', (text, sentence) => {
    expect(faultOf(text)).toMatchObject({ code: 'formula-terms' });
    expect(faultOf(text).message).toContain(sentence);
  });

  it('name the remedy for a term that varies twice', () => {
    const fault = faultOf('y ~ (1 | g) + (x | g)');
    expect(fault.code).toBe('duplicate-term');
    expect(fault.message).toContain('has the constant unless it begins with 0, as in (0 + x | g)');
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      'y',
      'x',
      'g',
      ' ',
      '~',
      '+',
      '-',
      '*',
      '/',
      '^',
      ':',
      '(',
      ')',
      '|',
      '||',
      '.',
      '0',
      '1',
      '2',
      ',',
      '=',
      '"a"',
      '`b`',
    ],
    ...[
      'log(',
      'poly(',
      'factor(',
      'within(',
      'offset(',
      'se(',
      '(1 | g)',
      'y ~ ',
      '\\',
      '"',
      '`',
      '\n',
      '1e400',
      '__proto__',
    ],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

  it('gives a graph or a ModelError, never another fault', () => {
    fc.assert(
      fc.property(text, (random) => {
        for (const candidate of [random, `y ~ ${random}`, `y ~ x + (${random} | g)`]) {
          try {
            formula(candidate);
          } catch (error) {
            expect(error).toBeInstanceOf(ModelError);
          }
        }
      }),
      { seed: 20260103, numRuns: 3000 },
    );
  });

  it('gives a prior or a ModelError, never another fault', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('', 'sigma ~ ', 'sigma ~ half_t(', 'sigma ~ uniform(0, '), (random, start) => {
        try {
          parsePrior(start + random);
        } catch (error) {
          expect(error).toBeInstanceOf(ModelError);
        }
      }),
      { seed: 20260104, numRuns: 1000 },
    );
  });
});
