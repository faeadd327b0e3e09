import { combinations, factor as factorOf } from '../../data/factor.ts';
import { ModelError } from '../../errors.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { expressionColumns } from '../../formula/terms.ts';
import type { AtomEncoding, Encoding } from '../design.ts';
import { finiteArithmetic } from './arithmetic.ts';
import {
  type Call,
  combinedColumns,
  factorArguments,
  factorCall,
  groupArguments,
  onlyArgument,
  polyArguments,
} from './callArguments.ts';
import type { ColumnSource } from './columnSource.ts';
import type { Encoder, OfKind } from './encoder.ts';
import { knownByCell } from './knownByCell.ts';
import { momentForm } from './momentForm.ts';
import { momentPolynomialBasis } from './momentPolynomial.ts';
import { polynomialBasis } from './orthogonalPolynomial.ts';

/** An encoder that learns: constants are computed once, when first asked for. */
export interface LearningEncoder extends Encoder {
  encoding(): Encoding;
}

/**
 * An encoder that learns its constants from the data. `training(columns)` is the source that scale, center and poly of
 * these columns are computed over: the groups of a table when all the columns stand only there (so that a group counts
 * once, however many rows it has), or null for the rows. Factor levels and group means are those of the rows.
 */
export function learningEncoder(training: (columns: readonly string[]) => ColumnSource | null): LearningEncoder {
  const known = new Map<string, AtomEncoding>();
  const encoder: LearningEncoder = {
    encode(expression, source, ...kinds) {
      const key = expressionText(expression);
      let encoding = known.get(key);
      if (encoding === undefined) {
        encoding = learn(expression, source, training(expressionColumns(expression)) ?? source, encoder);
        known.set(key, encoding);
      }
      return ofKind(encoding, kinds, key);
    },
    // fromEntries defines own properties, so a column named __proto__ is an entry like any other.
    encoding: () => Object.fromEntries(known),
  };
  return encoder;
}

/** An encoder that looks constants up in the encoding of a fit. Throws ModelError for an expression the fit has not. */
export function fixedEncoder(encoding: Encoding): Encoder {
  return {
    encode(expression, _source, ...kinds) {
      const key = expressionText(expression);
      if (Object.hasOwn(encoding, key)) return ofKind(encoding[key]!, kinds, key);
      throw new ModelError('unknown-term', key, `the term ${key} is not among those of the fit`);
    },
  };
}

function ofKind<K extends AtomEncoding['kind']>(encoding: AtomEncoding, kinds: readonly K[], key: string): OfKind<K> {
  const matches = (value: AtomEncoding): value is OfKind<K> => (kinds as readonly string[]).includes(value.kind);
  if (matches(encoding)) return encoding;
  throw new ModelError(
    'unknown-term',
    key,
    `the encoding of ${key} is of kind "${encoding.kind}", not ${kinds.join(' or ')}`,
  );
}

function learn(expression: Expression, source: ColumnSource, training: ColumnSource, encoder: Encoder): AtomEncoding {
  if (expression.type === 'name' && source.column(expression.name).kind === 'text') {
    return factorEncoding(expression.name, source);
  }
  if (expression.type !== 'call') return { kind: 'numeric' };
  switch (expression.name) {
    case 'factor':
      return factorCallEncoding(expression, source);
    case 'interaction':
      return combinedEncoding(expression, source, encoder);
    case 'poly':
      return polyEncoding(expression, training, encoder);
    case 'scale':
    case 'center':
      return affineEncoding(expression, training, encoder);
    case 'within':
    case 'between':
      return groupMeans(expression, source, encoder);
    default:
      return { kind: 'numeric' };
  }
}

function factorEncoding(name: string, source: ColumnSource): OfKind<'factor'> {
  knownByCell({ type: 'name', name }, source.reduced, `factor(${name})`);
  const { levels } = factorOf(source.column(name));
  if (levels.length < 2) {
    const message = `${name} has one level ("${levels[0]}") in ${source.where}; a factor needs two or more`;
    throw new ModelError('one-level', name, message);
  }
  return { kind: 'factor', levels, reference: levels[0]! };
}

function factorCallEncoding(call: Call, source: ColumnSource): AtomEncoding {
  const { name, ref } = factorArguments(call);
  const encoding = factorEncoding(name, source);
  if (ref === null) return encoding;
  if (encoding.levels.includes(ref)) return { ...encoding, reference: ref };
  const levels = encoding.levels.map((level) => JSON.stringify(level)).join(', ');
  const text = expressionText(call);
  const message = `${text}: ref = ${JSON.stringify(ref)} is not a level of ${name}; its levels are ${levels}`;
  throw new ModelError('unknown-level', text, message);
}

/**
 * The levels of `interaction(a, b)`: the combinations that occur. Its factors are encoded beside it, so that new rows
 * have theirs.
 */
function combinedEncoding(call: Call, source: ColumnSource, encoder: Encoder): AtomEncoding {
  const factors = combinedColumns(call).map((name) => {
    const { levels } = encoder.encode(factorCall(name), source, 'factor');
    const { index } = factorOf(source.column(name));
    return { levels, index };
  });
  const { levels, parts } = combinations(factors, expressionText(call));
  return { kind: 'factor', levels, reference: levels[0]!, parts };
}

function affineEncoding(call: Call, training: ColumnSource, encoder: Encoder): AtomEncoding {
  const x = finiteArithmetic(onlyArgument(call), training, encoder);
  const counts = training.reduced?.counts;
  const centre = mean(x, counts);
  if (call.name === 'center') return { kind: 'affine', centre, scale: 1 };
  let squares = 0;
  for (let i = 0; i < x.length; i++) squares += (counts?.[i] ?? 1) * (x[i]! - centre) ** 2;
  const scale = Math.sqrt(squares / ((training.reduced?.observations ?? x.length) - 1));
  // Rounding leaves a constant column a spread of its last digit.
  if (scale > 1e-14 * Math.abs(centre)) return { kind: 'affine', centre, scale };
  const text = expressionText(call);
  const message = `${text} cannot be computed: its argument is ${x[0]} throughout ${training.where}`;
  throw new ModelError('constant-column', text, message);
}

function polyEncoding(call: Call, training: ColumnSource, encoder: Encoder): AtomEncoding {
  const { argument, degree } = polyArguments(call);
  const x = finiteArithmetic(argument, training, encoder);
  const { reduced } = training;
  if (reduced?.moments) return momentPolyEncoding(call, training, encoder);
  const distinct = new Set(x).size;
  if (degree < distinct) return { kind: 'poly', degree, ...polynomialBasis(x, degree, reduced?.counts) };
  const text = expressionText(call);
  const message = `${text}: the degree must be below the number of distinct values, which is ${distinct} in ${training.where}`;
  throw new ModelError('bad-call', text, message);
}

/**
 * The same over rows that have the moments of the data: how many distinct values there are shows in the length of the
 * polynomials.
 */
function momentPolyEncoding(call: Call, training: ColumnSource, encoder: Encoder): AtomEncoding {
  const { argument, degree } = polyArguments(call);
  const { counts, moments, observations } = training.reduced!;
  const x = momentForm(argument, training, encoder);
  const basis = momentPolynomialBasis({ x, counts, moments: moments! }, degree);
  const variance = basis.norm2[2]! / observations;
  const isLeft = (k: number): boolean => basis.norm2[k]! > 1e-12 * variance * basis.norm2[k - 1]!;
  if (variance > 0 && basis.norm2.every((_, k) => k < 3 || isLeft(k))) return { kind: 'poly', degree, ...basis };
  const text = expressionText(call);
  const message = `${text}: the degree must be below the number of distinct values, and there are no more than ${degree}`;
  throw new ModelError('bad-call', text, message);
}

function groupMeans(call: Call, source: ColumnSource, encoder: Encoder): AtomEncoding {
  const { argument, by } = groupArguments(call);
  const x = finiteArithmetic(argument, source, encoder);
  const { levels, index } = source.factor(by);
  const sums = new Float64Array(levels.length);
  const counts = new Float64Array(levels.length);
  for (let i = 0; i < x.length; i++) {
    const count = source.reduced?.counts[i] ?? 1;
    sums[index[i]!]! += count * x[i]!;
    counts[index[i]!]! += count;
  }
  return { kind: 'groupMeans', means: Object.fromEntries(levels.map((level, j) => [level, sums[j]! / counts[j]!])) };
}

/** The mean, each value as often as it counts, by two passes: the second takes up the rounding of the first. */
function mean(x: Float64Array, counts?: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < x.length; i++) {
    const count = counts?.[i] ?? 1;
    total += count;
    sum += count * x[i]!;
  }
  const first = sum / total;
  let rest = 0;
  for (let i = 0; i < x.length; i++) rest += (counts?.[i] ?? 1) * (x[i]! - first);
  return first + rest / total;
}
