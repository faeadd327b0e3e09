import { expect, test } from 'vitest';
import * as diagnostics from '../../diagnostics/index.ts';

const chains = [
  [0.3, -0.1, 0.8, 1.2, 0.4, -0.6, 0.2, 0.9],
  [1.1, 0.2, -0.4, 0.5, 0.7, 0.1, -0.2, 0.6],
];
const variables = [{ name: 'mu', chains }];
const logLik = diagnostics.logLikelihoodMatrix(
  Array.from({ length: 16 }, (_, s) => [-1 - s / 100]),
  2,
);

const functions: Readonly<Record<string, (options: never) => unknown>> = {
  check: (options) => diagnostics.check(variables, options),
  summarizeDraws: (options) => diagnostics.summarizeDraws(variables, options),
  essBasic: (options) => diagnostics.essBasic(chains, options),
  rhatBasic: (options) => diagnostics.rhatBasic(chains, options),
  geweke: (options) => diagnostics.geweke(chains, options),
  rankHistogram: (options) => diagnostics.rankHistogram(chains, options),
  loo: (options) => diagnostics.loo(logLik, options),
};

test.each(Object.entries(functions))('%s names an option it does not have, and those it has', (name, call) => {
  for (const option of ['thinning', '__proto__', 'constructor']) {
    const options = JSON.parse(`{ "${option}": 1 }`) as never;
    expect(() => call(options)).toThrow(
      expect.objectContaining({
        name: 'DiagnosticsError',
        code: 'unknown-option',
        message: expect.stringMatching(
          new RegExp(`^${name}: there is no option "${option}"; accepted: [a-zA-Z]+(, [a-zA-Z]+)*$`),
        ),
      }),
    );
  }
  expect(() => call([] as never)).toThrow(`${name}: options must be an object, not an array; accepted: `);
  expect(() => call(null as never)).toThrow(`${name}: options must be an object, not null; accepted: `);
  expect(() => call({} as never)).not.toThrow();
});

test('an option left undefined is not given, and a value of another type is quoted with what is accepted', () => {
  expect(diagnostics.essBasic(chains, { split: undefined } as never)).toBe(diagnostics.essBasic(chains));
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['rhatBasic', { split: 'no' }, 'rhatBasic: split is "no"; give a boolean'],
    ['check', { rhat: '1.01' }, 'check: rhat is "1.01"; give a number'],
    ['summarizeDraws', { probs: 0.5 }, 'summarizeDraws: probs is 0.5; give a list'],
    ['geweke', { first: null }, 'geweke: first is null; give a number'],
  ];
  for (const [name, options, message] of cases) {
    expect(() => functions[name]!(options as never)).toThrow(
      expect.objectContaining({ code: 'bad-argument', message }),
    );
  }
});
