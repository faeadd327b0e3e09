import { expect, it } from 'vitest';
import { sleepstudy } from '../../src/datasets/index.ts';
import { compareModels, draws, drawVariables, sampleSync } from '../../src/index.ts';
import { faultOf } from '../faultOf.ts';

const options = { seed: 4, chains: 3, iterations: 20, warmup: 20 };
const fit = sampleSync('Reaction ~ Days + (Days | Subject)', sleepstudy, options);

it('gives the chains of one quantity, of group coefficients too', () => {
  const chains = draws(fit, 'beta[Days]');
  expect(chains.length).toBe(3);
  const [variable] = drawVariables(fit, 'beta[Days]');
  expect(chains.map((chain) => [...chain])).toEqual(variable!.chains.map((chain) => Array.from(chain)));
  const deviation = draws(fit, 'u_Subject[308,Days]');
  const whole = draws(fit, 'b_Subject[308,Days]');
  for (const [c, chain] of whole.entries()) {
    expect([...chain]).toEqual([...chain.keys()].map((i) => chains[c]![i]! + deviation[c]![i]!));
  }
});

it('gives columns of one length, chain after chain', () => {
  const columns = draws(fit);
  expect(Object.keys(columns).slice(0, 4)).toEqual(['chain', 'iteration', 'beta[Intercept]', 'beta[Days]']);
  expect(Object.values(columns).map(({ length }) => length)).toEqual(Object.keys(columns).map(() => 60));
  const row = columns['chain']!.findIndex((chain, i) => chain === 2 && columns['iteration']![i] === 7);
  expect(columns['sigma']![row]).toBe(draws(fit, 'sigma')[1]![6]);
});

it.each([
  ['beta', 'is 2 quantities'],
  ['sigme', 'the fit has no quantity "sigme"'],
])('refuses %s', (name, sentence) => {
  expect(faultOf(() => draws(fit, name)).message).toContain(sentence);
});

it('compares models without names', () => {
  const other = sampleSync('Reaction ~ Days + (1 | Subject)', sleepstudy, options);
  const numbered = compareModels(fit, other);
  expect(numbered.names).toEqual(['model1', 'model2']);
  expect(numbered.models.map(({ elpd }) => elpd)).toEqual(
    compareModels({ a: fit, b: other }).models.map(({ elpd }) => elpd),
  );
});
