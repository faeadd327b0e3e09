import { listHtml } from './html.ts';

/** Words of the page and what they mean, in the order in which they are met. */
const WORDS: readonly (readonly [id: string, word: string, meaning: string])[] = [
  [
    'posterior',
    'posterior',
    'what may be believed of a quantity once the data are seen, given the model and its priors; it is known by draws from it.',
  ],
  ['interval', '90% interval', 'given this model and these data, the value lies in it with probability .9.'],
  [
    'coefficient',
    'coefficient',
    'a number by which a column is multiplied in the expected value; for a yes-or-no column the difference between yes and no.',
  ],
  ['own', 'own data alone', 'the estimate of a group from its rows and nothing else (no pooling).'],
  ['line', 'population line', 'what the model expects of a group before its own rows are looked at.'],
  [
    'partial',
    'partial pooling',
    'the estimate of the multilevel model: between the own data and the population line, nearer to the line the less its rows tell.',
  ],
  ['complete', 'complete pooling', 'one line for all rows, as if there were no groups.'],
  [
    'spread',
    'spread between groups',
    'the standard deviation of a coefficient from one group to the next (tau); about two thirds of the groups lie within one of it from their line.',
  ],
  ['prior', 'prior', 'what the model assumes of a quantity before the data are seen.'],
  [
    'reml',
    'REML and ML',
    'the values under which the data are most probable (restricted, or plain, maximum likelihood): no priors, and one value in place of a distribution.',
  ],
  [
    'rhat',
    'R-hat',
    'compares the spread between chains with that within them; near 1 when all have found the same distribution.',
  ],
  ['ess', 'ESS', 'effective sample size: how many independent draws would tell as much as these.'],
];

/** A word with a link to its meaning. */
export function wordLink(id: string, text: string): string {
  const found = WORDS.find(([own]) => own === id);
  return found ? `<a class="word" href="#word-${id}">${text}</a>` : text;
}

/** The list of words. */
export function glossaryHtml(): string {
  return listHtml(WORDS.map(([id, word, meaning]) => `<dfn id="word-${id}">${word}</dfn>: ${meaning}`));
}
