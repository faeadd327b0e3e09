import { ModelError } from '../errors.ts';
import { type ResidualStructure, STRUCTURE_NAMES } from '../graph/node.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';
import { expander } from './expansion.ts';
import type { Term } from './expression.ts';
import { parseOneSided } from './parser.ts';
import { syntaxError } from './syntaxError.ts';
import { TokenReader } from './tokenReader.ts';

/**
 * The residual structure of a text such as `ar1(age | Subject)` or `cs(Subject)`; the factor may be `a:b`. Throws
 * `formula-syntax` and, where the structure is unknown or `ar1` and its like have no time, `residual`.
 */
export function readResidualOption(text: string): ResidualStructure {
  const reader = new TokenReader({ text, where: 'residual' });
  const { token } = reader;
  const structure = STRUCTURE_NAMES.find((name) => token.type === 'name' && name === token.text);
  if (structure === undefined) {
    const known = STRUCTURE_NAMES.join(', ');
    const near = token.type === 'name' ? `; did you mean ${nearestNames(token.text, STRUCTURE_NAMES)[0]}?` : '.';
    throw fault(`there is no residual structure in ${quote(text)}${near} Accepted: ${known}, as in ar1(time | group)`);
  }
  reader.take();
  reader.expect('(', `, as in ${example(structure)}`);
  const first = readFactor(reader);
  let time: string | undefined;
  let by = first;
  if (reader.at('|')) {
    if (structure === 'cs')
      throw reader.error('cs has one correlation at all times: no time stands in it, as in cs(group)');
    if (first.length > 1) throw reader.error('the time is one column');
    reader.take();
    [time] = first;
    by = readFactor(reader);
  }
  reader.expect(')', ` to close ${structure}(`);
  if (reader.token.type !== 'end') throw reader.unexpected('the end');
  const factor = by.join(':');
  if (structure === 'cs') return { structure, by: factor };
  if (time === undefined) {
    throw fault(
      `${structure}(${factor}) has no time: say which column orders the rows of a group, as in ${structure}(time | ${factor})`,
    );
  }
  if (by.includes(time)) throw fault(`${quote(time)} is the time and cannot stand in the grouping factor too`);
  return { structure, by: factor, time };
}

/** What a residual sd depends on: terms of its log without the constant, and a factor that it varies by. */
export interface SigmaOption {
  readonly terms: readonly Term[];
  readonly by: string | null;
}

/**
 * The terms of a log-linear residual sd, of a text such as `~ Sex + (1 | Subject)`, without the constant, which is
 * sigma itself, and the factor by whose levels it varies. Throws `formula-syntax`, and `residual` where no term is
 * left, more than the constant varies, or by more than one factor.
 */
export function readSigmaOption(text: string): SigmaOption {
  const source = { text, where: 'sigma' };
  const tree = parseOneSided(source);
  const { intercept, terms, dot, offsets, varying } = expander(source)(tree);
  if (dot !== undefined) throw syntaxError(source, tree.at, "'.' stands only among the population terms");
  if (offsets.length > 0) throw syntaxError(source, tree.at, 'the residual sd has no offset');
  const factors = varying.flatMap((bar) => bar.factors.map((columns) => columns.join(':')));
  for (const bar of varying) {
    const inside = expander(source)(bar.terms);
    const constant = inside.intercept !== false && inside.terms.length === 0;
    if (constant && inside.offsets.length === 0 && inside.dot === undefined && inside.varying.length === 0) continue;
    throw fault(
      `of the residual sd the constant alone varies by a factor; accepted: "(1 | ${factors[0]!})", with terms beside it as in "~ x + (1 | ${factors[0]!})"`,
      'sigma',
    );
  }
  if (factors.length > 1) {
    throw fault(
      `the residual sd varies by one factor, and ${quote(text)} has ${factors.join(' and ')}: leave one`,
      'sigma',
    );
  }
  if (intercept === false) {
    throw fault(`${quote(text)} takes the constant out, which is sigma itself; leave the 0 out`, 'sigma');
  }
  if (terms.length === 0 && factors.length === 0) {
    throw fault(`${quote(text)} has no terms, and so one sigma for all rows: leave it out`, 'sigma');
  }
  return { terms, by: factors[0] ?? null };
}

function example(structure: string): string {
  return structure === 'cs' ? 'cs(group)' : `${structure}(time | group)`;
}

/** a or a:b. */
function readFactor(reader: TokenReader): string[] {
  const columns: string[] = [];
  do {
    if (columns.length > 0) reader.take();
    if (reader.token.type !== 'name') throw reader.unexpected('a column');
    columns.push(reader.take().text);
  } while (reader.at(':'));
  return columns;
}

function fault(sentence: string, where = 'residual'): ModelError {
  return new ModelError('residual', where, `${where}: ${sentence}`);
}
