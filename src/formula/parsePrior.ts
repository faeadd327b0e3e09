import { ModelError } from '../errors.ts';
import { type DistributionEntry, distributions } from '../graph/distributions.ts';
import type { Prior } from '../graph/priors.ts';
import { quote } from '../input/quote.ts';

const callPattern = /^\s*([A-Za-z_]\w*)\s*\(([^()]*)\)\s*$/;
const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** How a distribution is written on the command line: `half_t(df, scale)`. */
function usage({ spelling, parameters }: DistributionEntry): string {
  return `${spelling}(${parameters.join(', ')})`;
}

/**
 * Reads the spelling of the command line, `sigma ~ half_t(3, 1)`: the name of a prior, a tilde, a distribution in
 * snake_case with its numbers in order. Whether a model has a prior of that name is for `formula` to say. Throws
 * `prior-syntax`, `invalid-prior`.
 */
export function parsePrior(text: string): { readonly name: string; readonly prior: Prior } {
  const spelled = distributions.filter((entry) => entry.spelling !== undefined);
  const accepted = spelled.map(usage).join(', ');
  const fail = (sentence: string): ModelError =>
    new ModelError('prior-syntax', 'prior', `prior ${quote(text)}: ${sentence}`);
  // The last tilde: a label in the brackets of the name may hold one, the distribution cannot.
  const tilde = typeof text === 'string' ? text.lastIndexOf('~') : -1;
  const name = tilde < 0 ? '' : text.slice(0, tilde).trim();
  if (tilde < 0 || name === '') {
    throw fail(`expected a name, a tilde and a distribution, as in "sigma ~ half_t(3, 1)"; accepted: ${accepted}`);
  }
  const call = callPattern.exec(text.slice(tilde + 1));
  const entry = call === null ? undefined : spelled.find((candidate) => candidate.spelling === call[1]);
  if (call === null || entry === undefined) {
    throw fail(
      `${quote(text.slice(tilde + 1).trim())} is no distribution with its numbers in parentheses; accepted: ${accepted}`,
    );
  }
  const pieces = call[2]!.trim() === '' ? [] : call[2]!.split(',').map((piece) => piece.trim());
  const strange = pieces.find((piece) => !numberPattern.test(piece));
  if (strange !== undefined) throw fail(`${quote(strange)} is no number; expected ${usage(entry)}`);
  if (pieces.length !== entry.parameters.length)
    throw fail(`expected ${usage(entry)}, found ${pieces.length === 1 ? '1 number' : `${pieces.length} numbers`}`);
  try {
    return { name, prior: entry.make(...(pieces.map(Number) as never[])) };
  } catch (error) {
    if (error instanceof ModelError) throw new ModelError(error.code, name, `prior ${quote(text)}: ${error.message}`);
    throw error;
  }
}
