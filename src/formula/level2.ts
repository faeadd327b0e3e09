import { ModelError } from '../errors.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';
import { expander } from './expansion.ts';
import type { Term } from './expression.ts';
import { parseOneSided } from './parser.ts';
import { type Source, syntaxError } from './syntaxError.ts';
import { makeTerm, parseTerm, termKey } from './terms.ts';

/**
 * Level-2 regressions by grouping factor: `'~ w'` for every varying term, or one for each, `{ 1: '~ w', x: '~ 1' }`.
 */
export type Level2Option = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

/** The level-2 regression of one factor: gives the level-2 terms of a varying term. */
export type Level2Regression = (term: Term) => readonly Term[];

/** What two orders of one interaction factor (`a:b`, `b:a`) have in common. */
export function factorKey(factor: string): string {
  return JSON.stringify(factor.split(':').sort());
}

/**
 * The level-2 regressions by `factorKey`. `varying` are the varying terms of each factor, by factor: a regression for
 * an unknown factor or term, or a varying term left without one, is an error. Throws `formula-syntax`, `level2`.
 */
export function readLevel2(
  option: Level2Option,
  varying: ReadonlyMap<string, readonly Term[]>,
): ReadonlyMap<string, Level2Regression> {
  const regressions = new Map<string, Level2Regression>();
  const factors = [...varying.keys()];
  for (const [name, given] of Object.entries(option)) {
    const where = `level2.${name}`;
    const factor = factors.find((candidate) => factorKey(candidate) === factorKey(name));
    if (factor === undefined) {
      const accepted =
        factors.length === 0
          ? 'the formula has no varying part'
          : `grouping factors: ${nearestNames(name, factors, 10).join(', ')}`;
      throw new ModelError('level2', where, `${where}: the formula has no grouping factor ${quote(name)}; ${accepted}`);
    }
    if (regressions.has(factorKey(factor)))
      throw new ModelError('level2', where, `${where}: given twice for the factor ${factor}`);
    regressions.set(factorKey(factor), readRegression(where, given, varying.get(factor)!));
  }
  return regressions;
}

function readRegression(where: string, given: unknown, varying: readonly Term[]): Level2Regression {
  if (typeof given === 'string') {
    const terms = readTerms({ text: given, where });
    if (terms.length === 0)
      throw new ModelError('level2', where, `${where}: ${quote(given)} has no terms; leave it out`);
    return () => terms;
  }
  const accepted = varying.map((term) => quote(term.label)).join(', ');
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const sentence = `${where}: expected a text such as "~ w", or an object with one for each varying term (${accepted}), not ${quote(given)}`;
    throw new ModelError('level2', where, sentence);
  }
  const lists = new Map<string, readonly Term[]>();
  for (const [label, text] of Object.entries(given)) {
    const key = termKey(parseTerm(label));
    if (!varying.some((term) => termKey(term) === key)) {
      throw new ModelError('level2', where, `${where}: ${quote(label)} is not a varying term; varying are ${accepted}`);
    }
    if (typeof text !== 'string') {
      throw new ModelError('level2', where, `${where}: ${label} must be a text such as "~ w", not ${quote(text)}`);
    }
    lists.set(key, readTerms({ text, where: `${where}.${label}` }));
  }
  const missing = varying.find((term) => !lists.has(termKey(term)));
  if (missing !== undefined) {
    const sentence = `${where}: the varying term ${quote(missing.label)} is missing; give it "~ 1" for a mean of its own, or "~ 0" for none`;
    throw new ModelError('level2', where, sentence);
  }
  if ([...lists.values()].every((list) => list.length === 0)) {
    throw new ModelError('level2', where, `${where}: no varying term has level-2 terms; leave it out`);
  }
  return (term) => lists.get(termKey(term))!;
}

function readTerms(source: Source): readonly Term[] {
  const tree = parseOneSided(source);
  const { intercept, terms, dot, offsets, varying } = expander(source)(tree);
  if (dot !== undefined) throw syntaxError(source, tree.at, "'.' stands only among the population terms");
  if (offsets.length > 0 || varying.length > 0) {
    throw syntaxError(source, tree.at, 'a level-2 regression has no offset and no varying part');
  }
  return intercept === false ? terms : [makeTerm([]), ...terms];
}
