import { printValue } from '../../data/frame.ts';
import { numbersInText } from '../../data/numbersInText.ts';
import { cos, exp, log, log1p, log2, log10, power, sin } from '../../elementary.ts';
import { ModelError } from '../../errors.ts';
import { type ComparisonOperator, comparedText, type Expression } from '../../formula/expression.ts';
import { type ElementaryFunction, isElementary } from '../../formula/expressionParser.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { expressionColumns } from '../../formula/terms.ts';
import { quote } from '../../input/quote.ts';
import { type Call, factorCall, groupArguments, onlyArgument } from './callArguments.ts';
import type { ColumnSource } from './columnSource.ts';
import type { Encoder } from './encoder.ts';
import { knownByCell } from './knownByCell.ts';

/**
 * The values of an arithmetic expression over a source, length n: numbers, numeric columns, + - * / ^, comparisons (1
 * where true, else 0), the functions of one number, and the data-dependent scale, center, within and between, whose
 * constants the encoder learns or looks up.
 *
 * Throws ModelError for text columns, a text that is no level of the column it is compared with, unknown calls, and a
 * value that is not finite (log of 0), naming the row and the values it was computed from.
 */
export function finiteArithmetic(expression: Expression, source: ColumnSource, encoder: Encoder): Float64Array {
  const values = arithmetic(expression, source, encoder);
  checkFinite(values, expressionText(expression), expression, source);
  return values;
}

/** Throws ModelError at the first value that is not finite, naming the row and the values it was computed from. */
export function checkFinite(values: Float64Array, text: string, expression: Expression, source: ColumnSource): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const from = expressionColumns(expression).map((name) => `${name} = ${printValue(source.column(name), i)}`);
    const message = `${text} is ${values[i]} in ${source.rowName(i)} (${from.join(', ')}); every value must be finite`;
    throw new ModelError('not-finite', text, message);
  }
}

const ELEMENTARY: Readonly<Record<ElementaryFunction, (x: number) => number>> = {
  I: (x) => x,
  log,
  log2,
  log10,
  log1p,
  sqrt: Math.sqrt,
  exp,
  abs: Math.abs,
  sin,
  cos,
};

const OPERATORS = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '^': power,
};

const COMPARES: Readonly<Record<ComparisonOperator, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

function arithmetic(expression: Expression, source: ColumnSource, encoder: Encoder): Float64Array {
  const stored = storedValues(expression, source);
  if (stored !== undefined) return stored;
  switch (expression.type) {
    case 'number':
      return new Float64Array(source.n).fill(expression.value);
    case 'pi':
      return new Float64Array(source.n).fill(Math.PI);
    case 'text': {
      const text = JSON.stringify(expression.value);
      throw new ModelError('not-numeric', expression.value, `${text} is text where a number is needed`);
    }
    case 'name':
      return numericColumn(expression.name, source);
    case 'unary': {
      knownByCell(expression, source.reduced);
      const operand = arithmetic(expression.operand, source, encoder);
      return expression.operator === '-' ? operand.map((x) => -x) : operand;
    }
    case 'binary': {
      knownByCell(expression, source.reduced);
      const left = arithmetic(expression.left, source, encoder);
      const right = arithmetic(expression.right, source, encoder);
      const apply = OPERATORS[expression.operator];
      return left.map((x, i) => apply(x, right[i]!));
    }
    case 'comparison': {
      knownByCell(expression, source.reduced);
      if (comparedText(expression) !== null) return textComparison(expression, source, encoder);
      const left = arithmetic(expression.left, source, encoder);
      const right = arithmetic(expression.right, source, encoder);
      const holds = COMPARES[expression.operator];
      return left.map((x, i) => (holds(x, right[i]!) ? 1 : 0));
    }
    case 'call':
      return callValues(expression, source, encoder);
  }
}

/**
 * 1 in rows whose level is the text (or is not, for !=). A level that new rows alone have is no fault; a text that is
 * no level of the rows of the fit is one.
 */
function textComparison(
  expression: Extract<Expression, { type: 'comparison' }>,
  source: ColumnSource,
  encoder: Encoder,
): Float64Array {
  const { column, text } = comparedText(expression)!;
  const { levels: known } = encoder.encode(factorCall(column), source, 'factor');
  if (!known.includes(text)) {
    const shown = known.slice(0, 20).map(quote).join(', ');
    const message = `${expressionText(expression)}: ${quote(text)} is no level of ${column}; its levels are ${shown}${known.length > 20 ? ' and others' : ''}`;
    throw new ModelError('unknown-level', column, message);
  }
  const { levels, index } = source.factor(column);
  const level = levels.indexOf(text);
  const equal = expression.operator === '==';
  return Float64Array.from(index, (each) => ((each === level) === equal ? 1 : 0));
}

/** What reduced rows hold of an expression, as of `log(x)`. */
function storedValues(expression: Expression, { reduced }: ColumnSource): Float64Array | undefined {
  if (!reduced?.moments || expression.type === 'name') return undefined;
  return reduced.moments.values.get(expressionText(expression));
}

function callValues(call: Call, source: ColumnSource, encoder: Encoder): Float64Array {
  if (isElementary(call.name)) {
    knownByCell(call, source.reduced);
    return arithmetic(onlyArgument(call), source, encoder).map(ELEMENTARY[call.name]);
  }
  switch (call.name) {
    case 'scale':
    case 'center': {
      const x = arithmetic(onlyArgument(call), source, encoder);
      const { centre, scale } = encoder.encode(call, source, 'affine');
      return x.map((value) => (value - centre) / scale);
    }
    case 'within':
    case 'between':
      return aboutGroupMeans(call, source, encoder);
  }
  // The parser lets none of the others stand where one column is meant.
  const text = expressionText(call);
  throw new ModelError('bad-call', text, `${text}: ${call.name}() does not give one column of numbers`);
}

function aboutGroupMeans(call: Call, source: ColumnSource, encoder: Encoder): Float64Array {
  const { argument, by } = groupArguments(call);
  const { means } = encoder.encode(call, source, 'groupMeans');
  const { levels, index } = source.factor(by);
  const meanOf = levels.map((level, j) => {
    if (Object.hasOwn(means, level)) return means[level]!;
    const place = `${by} "${level}" (${source.rowName(index.indexOf(j))})`;
    const known = Object.keys(means).length;
    const message = `${expressionText(call)}: ${place} has no mean, as it is not among the ${known} groups of the fit`;
    throw new ModelError('unknown-group', by, message);
  });
  if (call.name === 'between') return Float64Array.from(index, (j) => meanOf[j]!);
  return arithmetic(argument, source, encoder).map((value, i) => value - meanOf[index[i]!]!);
}

function numericColumn(name: string, source: ColumnSource): Float64Array {
  const column = source.column(name);
  if (column.kind === 'number') return column.values;
  // The first cell that is no number, or none that prints back (007), is the one that made a column of a file text.
  const found = numbersInText(column);
  const stray = column.values.findIndex((value) => value !== null && !Number.isFinite(Number(value)));
  const at = Math.max(stray >= 0 ? stray : (found?.identifier ?? 0), 0);
  const cell = `${printValue(column, at)} in ${source.rowName(at)}`;
  const hint =
    stray < 0 ? `; make them numbers: Number(...) in a program, number of parseCsv, --number ${name} in a shell` : '';
  throw new ModelError('not-numeric', name, `column "${name}" is text (${cell}) where numbers are needed${hint}`);
}
