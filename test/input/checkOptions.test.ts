import { expect, test } from 'vitest';
import { either, flag, oneOf, probability, textList, wholeNumber } from '../../src/input/acceptedValue.ts';
import { checkOptions } from '../../src/input/checkOptions.ts';
import { doors } from '../fuzz/optionObjects.ts';

interface Options {
  readonly kind?: 'a' | 'b' | 'c';
  readonly chains?: number;
  readonly level?: number;
  readonly workers?: number | 'auto';
  readonly draws?: boolean;
}

const table = {
  kind: oneOf('a', 'b', 'c'),
  chains: wholeNumber(1, 1000),
  level: probability,
  workers: either(wholeNumber(1), oneOf('auto')),
  draws: flag,
};

const check = (options: unknown): void => checkOptions('predict', options as Options, table);

test('options that are there and hold what they accept are accepted, and one left undefined is not given', () => {
  expect(() => check({})).not.toThrow();
  expect(() => check({ kind: 'b', chains: 4, level: 0.9, workers: 'auto', draws: false })).not.toThrow();
  expect(() => check({ kind: undefined, chains: undefined })).not.toThrow();
});

test.each<[unknown, string, string]>([
  [
    { chain: 4 },
    'unknown-option',
    'predict: there is no option "chain"; did you mean "chains"? Accepted: kind, chains, level, workers, draws',
  ],
  [JSON.parse('{"__proto__": 1}'), 'unknown-option', 'predict: there is no option "__proto__"; accepted: kind, chains'],
  [{ constructor: 1 }, 'unknown-option', 'predict: there is no option "constructor"; accepted: kind, chains'],
  [{ cores: 4 }, 'unknown-option', 'predict: there is no option "cores"; did you mean "workers"? Accepted: kind'],
  [{ nsim: 4 }, 'unknown-option', 'predict: there is no option "nsim"; did you mean "draws"? Accepted: kind'],
  [{ thread_count: 4, chains: 4 }, 'unknown-option', 'predict: there is no option "thread_count"; accepted: kind'],
  [{ parallel_chains: 4 }, 'unknown-option', 'predict: there is no option "parallel_chains"; did you mean "workers"?'],
  [{ 'num.draws': 4 }, 'unknown-option', 'predict: there is no option "num.draws"; did you mean "draws"?'],
  [{ burnin: 4 }, 'unknown-option', 'predict: there is no option "burnin"; accepted: kind, chains'],
  [null, 'unknown-option', 'predict: options must be an object, not null; accepted options: kind, chains'],
  [[1], 'unknown-option', 'predict: options must be an object, not a list of 1; accepted options: kind, chains'],
  ['a', 'unknown-option', 'predict: options must be an object, not "a"; accepted options: kind, chains'],
  [{ kind: 'd' }, 'option', "kind: got \"d\"; accepted is 'a', 'b' or 'c'"],
  [{ kind: null }, 'option', "kind: got null; accepted is 'a', 'b' or 'c'"],
  [{ chains: 1001 }, 'option', 'chains: got 1001; accepted is a whole number from 1 to 1000'],
  [{ chains: '4' }, 'option', 'chains: got "4"; accepted is a whole number from 1 to 1000'],
  [{ level: 95 }, 'option', 'level: got 95; accepted is a number between 0 and 1'],
  [{ workers: 'many' }, 'option', 'workers: got "many"; accepted is a whole number from 1 or \'auto\''],
  [{ draws: 5000 }, 'option', 'draws: got 5000; accepted is true or false'],
])('the options %j are refused with the code %s and one sentence', (options, code, sentence) => {
  expect(() => check(options)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(sentence) }));
});

test('an option that must be given is named where it is missing', () => {
  expect(() =>
    checkOptions('intervals', {} as { method?: string }, { method: oneOf('wald', 'profile') }, ['method']),
  ).toThrow("method: not given; accepted is 'wald' or 'profile'");
});

test.each(Object.keys(doors))('%s accepts its options and names one that it does not have', async (name) => {
  const { valid, call } = doors[name]!;
  const calling = async (options: object): Promise<unknown> => call(options as never);
  await expect(calling(valid)).resolves.toBeDefined();
  await expect(calling({ ...valid, thinning: 2 })).rejects.toMatchObject({
    code: 'unknown-option',
    message: expect.stringMatching(/^\w+: there is no option "thinning"; (did you mean "\w+"\? A|a)ccepted: \w+/),
  });
});

test('a list of texts has no holes', () => {
  expect(textList.accepts(['a', 'b'])).toBe(true);
  expect(textList.accepts(Array(3))).toBe(false);
});
