import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import type { Expression } from '../../src/formula/expression.ts';
import { expressionText } from '../../src/formula/expressionText.ts';
import { expressionColumns, parseExpression, parseTerm, termKey } from '../../src/formula/terms.ts';

describe('parseTerm', () => {
  it.each([
    ['1', '1'],
    [' floor ', 'floor'],
    ['log( x )', 'log(x)'],
    ['a : b:c', 'a:b:c'],
    ['a:b:a', 'a:b'],
    ['poly( age ,2 )', 'poly(age, 2)'],
    ['poly(age, degree=2)', 'poly(age, 2)'],
    ["factor(x,ref='Public')", 'factor(x, ref = "Public")'],
    ['factor(year, ref = 2000)', 'factor(year, ref = "2000")'],
    ['I( (x+1)^2/ -3 )', 'I((x + 1)^2/-3)'],
    ['log((x))', 'log(x)'],
    ['I(1.50*x + 1e-3)', 'I(1.5 * x + 0.001)'],
    ['within(x,g):between( x, g )', 'within(x, g):between(x, g)'],
    ['scale(log(x))', 'scale(log(x))'],
    ['sin(2*pi*month/12)', 'sin(2 * pi * month/12)'],
    ['pi:cos(abs(pi)+`pi`)', 'pi:cos(abs(pi) + `pi`)'],
    ['I( x>3 )', 'I(x > 3)'],
    ["I('a'!=x)", 'I("a" != x)'],
    ['I((x>3)*(z<=1) )', 'I((x > 3) * (z <= 1))'],
    ['scale((a == b) == -(a < 1))', 'scale((a == b) == -(a < 1))'],
    ['within(g == "a \\" b", h)', 'within(g == "a \\" b", h)'],
    ['`floor`', 'floor'],
    ['`my column`:b', '`my column`:b'],
    ['`.`', '`.`'],
    ['`1`', '`1`'],
    ['`2nd`', '`2nd`'],
    ['`a:b`', '`a:b`'],
    ['`tick\\`s \\\\`', '`tick\\`s \\\\`'],
    ['größe:.x_1:日本', 'größe:.x_1:日本'],
    ['__proto__:constructor', '__proto__:constructor'],
    ['scale', 'scale'],
  ])('reads %s as %s', (text, label) => {
    expect(parseTerm(text).label).toBe(label);
  });

  it('gives the intercept no atoms and a product one atom for each factor', () => {
    expect(parseTerm('1')).toEqual({ label: '1', atoms: [] });
    expect(parseTerm('floor:log(u)').atoms).toEqual([
      { text: 'floor', expression: { type: 'name', name: 'floor' } },
      {
        text: 'log(u)',
        expression: { type: 'call', name: 'log', args: [{ type: 'name', name: 'u' }], named: {} },
      },
    ]);
  });

  it('keeps the order of a product in its label and not in its key', () => {
    expect(parseTerm('b:a').label).toBe('b:a');
    expect(termKey(parseTerm('b:a'))).toBe(termKey(parseTerm('a:b')));
    expect(termKey(parseTerm('`a:b`'))).not.toBe(termKey(parseTerm('a:b')));
  });

  it.each([
    ['', 'expected a column or a function of columns, found the end'],
    ['a + b', 'expected ":" or the end of the term, found +'],
    ['.', 'expected a column or a function of columns, found .'],
    ['x:1', 'expected a column or a function of columns, found 1'],
    [
      'foo(x)',
      'there is no function foo; accepted: I, log, log2, log10, log1p, sqrt, exp, abs, sin, cos, scale, center, within, between, poly, factor',
    ],
    ['log(poly(x, 2))', 'poly() gives several columns, so it stands by itself as a term'],
    ['log(x, 2)', 'log() takes one argument'],
    ['log(x', 'expected ")" to close log(, found the end'],
    ['log()', 'expected a column, a number or a call, found )'],
    ['log(2)', 'log(2) reads no column'],
    ['poly(x)', 'expected "," and a degree, as in poly(x, 2), found )'],
    ['poly(x, 1.5)', 'expected a degree: a whole number, 1 or more, found 1.5'],
    ['factor(x, base = "a")', 'expected ref = "level", found base'],
    ['factor(log(x))', 'expected a column, as in factor(x)'],
    ['within(x)', 'expected "," and a grouping column, as in within(x, g), found )'],
    ['`x', 'the name that begins here has no closing `'],
    ['``', 'a name in backticks is not empty'],
    ['factor(x, ref = "a)', 'the text that begins here has no closing "'],
    ['I(1 < x < 3)', 'one comparison at a time; two are joined by *, as in (1 < x) * (x < 3)'],
    ['I("a")', 'expected == or != after a text'],
    ['I(x + "a")', 'expected a column, a number or a call, found "a"'],
    ['I(x < "a")', 'a text is compared by == or !='],
    ['I(log(x) == "a")', 'a text is compared with a column'],
    ['I(!x)', 'not equal is !=, and a condition is turned round by 1 - (x > 3)'],
    ['I(x %in% y)', 'one of several levels is I((x == "a") + (x == "b"))'],
    ['ifelse(x > 3, 1, 0)', 'there is no function ifelse; did you mean I?'],
    ['I(x \\ 2)', 'the character \\ has no meaning here'],
    ['I(1e999 * x)', 'the number 1e999 is not finite'],
    ['x$y', 'the character $ has no meaning here'],
  ])('refuses %j', (text, message) => {
    expect(() => parseTerm(text)).toThrow(message);
    expect(() => parseTerm(text)).toThrow(expect.objectContaining({ code: 'formula-syntax' }));
  });

  it('gives a label that reads back as the same term, whatever the names', () => {
    const name = fc.oneof(fc.stringMatching(/^[a-z.][a-z_]{0,3}$/), fc.string({ minLength: 1, unit: 'binary' }));
    const ticked = name.map((text) => `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``);
    fc.assert(
      fc.property(fc.array(ticked, { minLength: 1, maxLength: 4 }), (names) => {
        const term = parseTerm(names.join(' : '));
        expect(parseTerm(term.label)).toEqual(term);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });
});

describe('parseExpression', () => {
  const name = (column: string): Expression => ({ type: 'name', name: column });

  it('binds powers before signs, signs before products, products before sums, powers to the right', () => {
    expect(expressionText(parseExpression('-a^2'))).toBe('-a^2');
    expect(parseExpression('-a^2').type).toBe('unary');
    expect(parseExpression('a-b-c')).toMatchObject({ operator: '-', left: { operator: '-' }, right: name('c') });
    expect(parseExpression('a^b^c')).toMatchObject({ operator: '^', left: name('a'), right: { operator: '^' } });
    expect(parseExpression('a+b*c')).toMatchObject({ operator: '+', right: { operator: '*' } });
  });

  it('reads several columns of one call only where it stands by itself', () => {
    expect(parseExpression('poly(x, 3)')).toMatchObject({ name: 'poly' });
    expect(() => parseExpression('poly(x, 3) + 1')).toThrow('expected an operator or the end of the expression');
    expect(() => parseExpression('1 + poly(x, 3)')).toThrow('stands by itself');
  });

  it('accepts nothing learnt from other rows where each row counts by itself', () => {
    expect(parseExpression('log(y) + 1', 'row')).toMatchObject({ operator: '+' });
    expect(() => parseExpression('scale(y)', 'row')).toThrow('scale() stands only in the terms of a formula');
    expect(() => parseExpression('foo(y)', 'row')).toThrow(
      'there is no function foo; accepted: I, log, log2, log10, log1p, sqrt, exp, abs, sin, cos',
    );
  });

  it('prints to a text that reads back as an equal tree', () => {
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { depthSize: 'medium', withCrossShrink: true },
        fc.constantFrom('x', 'my column', '.', '`', '9', 'pi').map(name),
        fc
          .double({ min: 0, noNaN: true, noDefaultInfinity: true })
          .map((value): Expression => ({ type: 'number', value: Math.abs(value) })),
        fc.record({
          type: fc.constant('unary' as const),
          operator: fc.constantFrom('+' as const, '-' as const),
          operand: tie('expression'),
        }),
        fc.record({
          type: fc.constant('binary' as const),
          operator: fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '^' as const),
          left: tie('expression'),
          right: tie('expression'),
        }),
        fc.record({
          type: fc.constant('comparison' as const),
          operator: fc.constantFrom(...(['<', '<=', '>', '>=', '==', '!='] as const)),
          left: tie('expression'),
          right: tie('expression'),
        }),
        fc.record({
          type: fc.constant('comparison' as const),
          operator: fc.constantFrom('==' as const, '!=' as const),
          left: fc.constantFrom('x', '`', 'pi').map(name),
          right: fc.string().map((value): Expression => ({ type: 'text', value })),
        }),
        fc
          .tuple(fc.constantFrom('log', 'sin', 'cos'), tie('expression'))
          .map(([name, argument]): Expression => ({ type: 'call', name, args: [argument], named: {} })),
      ),
    }));
    fc.assert(
      fc.property(expression, (tree) => {
        expect(parseExpression(expressionText(tree))).toEqual(tree);
      }),
      { seed: 20260102, numRuns: 2000 },
    );
  });

  it('refuses trees too deep to walk, in a sentence', () => {
    for (const text of [
      `${'('.repeat(5000)}x`,
      `${'-'.repeat(5000)}x`,
      `x${' + x'.repeat(5000)}`,
      `x${'^x'.repeat(5000)}`,
      'log('.repeat(5000),
    ]) {
      expect(() => parseExpression(text)).toThrow(ModelError);
      expect(() => parseExpression(text)).toThrow(/nesting is deeper than|more than 500 operators/);
    }
  });
});

describe('expressionColumns', () => {
  it('lists each column once in the order of appearance, grouping columns too, and no level or function', () => {
    const columns = (text: string): readonly string[] => expressionColumns(parseExpression(text));
    expect(columns('log(b + a * b) - c')).toEqual(['b', 'a', 'c']);
    expect(columns('within(x, g)')).toEqual(['x', 'g']);
    expect(columns('factor(x, ref = "a")')).toEqual(['x']);
    expect(columns('poly(`my age`, 2)')).toEqual(['my age']);
    expect(columns('sin(2 * pi * t) + pi')).toEqual(['t', 'pi']);
    expect(columns('cos(`pi` * t)')).toEqual(['pi', 't']);
    expect(columns('1 + 2')).toEqual([]);
  });
});
