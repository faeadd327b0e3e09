import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';

/** A linear combination of population-level coefficients, weights'beta, held against a number. */
export interface LinearCombination {
  /** The text, spaces tidied. */
  readonly label: string;
  /** Length p. */
  readonly weights: Float64Array;
  /** What the combination is held against, 0 unless the text says `= number`. */
  readonly against: number;
}

const NUMBER = /^\d+(\.\d*)?(e[+-]?\d+)?|^\.\d+(e[+-]?\d+)?/i;

/**
 * Reads `ses + 2 * (ses:sectorCatholic - floor) / 3 = 0.5`: signed coefficients and sums in brackets, each with an
 * optional number times it and an optional number that divides it, and an optional number after `=`. Labels are those
 * of the fit, the longest that fits first; the parts of an interaction may stand in any order. Throws `contrast`, with
 * the place where the text cannot be read.
 */
export function linearCombination(text: string, labels: readonly string[]): LinearCombination {
  const names = labels.flatMap((label, k) => orders(label.split(':')).map((parts) => ({ name: parts.join(':'), k })));
  names.sort((a, b) => b.name.length - a.name.length);
  const weights = new Float64Array(labels.length);
  const fail = (at: number): ModelError =>
    new ModelError(
      'contrast',
      text,
      `contrast ${quote(text)}: cannot read ${quote(text.slice(at).trim())}; accepted are sums such as "${labels[labels.length - 1]} - 2 * ${labels[0]} = 0" of ${labels.join(', ')}`,
    );
  const numberAt = (at: number): string | undefined => NUMBER.exec(text.slice(at))?.[0];

  /** Adds a sum times `scale` to `into`, and gives the place after it: the end, `=`, or the bracket that closes it. */
  const sum = (from: number, scale: number, into: Float64Array): number => {
    let at = skip(text, from);
    for (let terms = 0; at < text.length && text[at] !== '=' && text[at] !== ')'; terms++) {
      let sign = scale;
      if (text[at] === '+' || text[at] === '-') {
        if (text[at] === '-') sign = -sign;
        at = skip(text, at + 1);
      } else if (terms > 0) throw fail(at);
      at = skip(text, term(at, sign, into));
    }
    return at;
  };

  const term = (from: number, scale: number, into: Float64Array): number => {
    const number = numberAt(from);
    const star = number === undefined ? from : skip(text, from + number.length);
    const times = number !== undefined && text[star] === '*';
    const own = new Float64Array(labels.length);
    let at = times ? skip(text, star + 1) : from;
    const found = names.find(({ name }) => text.startsWith(name, at) && !/^[\w.]/.test(text.slice(at + name.length)));
    if (found !== undefined) {
      own[found.k] = 1;
      at += found.name.length;
    } else if (text[at] === '(') {
      const end = sum(at + 1, 1, own);
      if (text[end] !== ')' || skip(text, at + 1) === end) throw fail(text[end] === ')' ? at : end);
      at = end + 1;
    } else throw fail(at);
    const slash = skip(text, at);
    let divisor = 1;
    if (text[slash] === '/') {
      const value = numberAt(skip(text, slash + 1));
      if (value === undefined || Number(value) === 0) throw fail(slash);
      divisor = Number(value);
      at = skip(text, slash + 1) + value.length;
    }
    const weight = (scale * (times ? Number(number) : 1)) / divisor;
    for (let k = 0; k < own.length; k++) if (own[k] !== 0) into[k]! += weight * own[k]!;
    return at;
  };

  const at = sum(0, 1, weights);
  if (text[at] === ')') throw fail(at);
  let against = 0;
  if (text[at] === '=') {
    const value = text.slice(at + 1).trim();
    against = Number(value);
    if (value === '' || !Number.isFinite(against)) throw fail(at);
  }
  if (skip(text, 0) === at) throw fail(0);
  return { label: text.trim().replace(/\s+/g, ' '), weights, against };
}

function skip(text: string, at: number): number {
  let to = at;
  while (to < text.length && /\s/.test(text[to]!)) to++;
  return to;
}

function orders(parts: readonly string[]): string[][] {
  if (parts.length <= 1) return [[...parts]];
  return parts.flatMap((part, k) => orders(parts.filter((_, l) => l !== k)).map((rest) => [part, ...rest]));
}
