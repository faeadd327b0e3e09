import { describe, expect, test } from 'vitest';
import { readDrawsCsv } from '../../diagnostics/reading/readDrawsCsv.ts';
import { readDrawsJson } from '../../diagnostics/reading/readDrawsJson.ts';
import { toDrawsList } from '../../src/files/toDrawsList.ts';
import { toJson } from '../../src/files/toJson.ts';
import { toMCMCChains } from '../../src/files/toMCMCChains.ts';
import { toStanCsv } from '../../src/files/toStanCsv.ts';
import { toTidyCsv } from '../../src/files/toTidyCsv.ts';
import { toWideCsv } from '../../src/files/toWideCsv.ts';
import { withGroupCoefficients } from '../../src/files/writtenDraws.ts';
import { type Draws, scalarChains } from '../../src/mcmc/draws.ts';
import { scalarNames } from '../../src/mcmc/layout.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { cases, tiny } from '../mcmc/smallFits.ts';

interface Named {
  readonly name: string;
  readonly chains: readonly ArrayLike<number>[];
}

/** Every scalar with its draws, as the readers of diagnostics/ give them. */
const named = (draws: Draws): Named[] =>
  draws.variables.flatMap((variable) =>
    scalarNames(variable).map((name, i) => ({ name, chains: scalarChains(draws, variable.offset + i) })),
  );
const plain = (variables: readonly Named[]): unknown[] =>
  variables.map(({ name, chains }) => ({ name, chains: chains.map((chain) => Array.from(chain)) }));

const size = { chains: 2, warmup: 5, iterations: 7, seed: 5 };
const { graph, data } = tiny();
const small = sampleSync(graph, data, size);

describe.each(['radon, level-2 predictor on the rows', 'awkward names'])('the draws of %s', (name) => {
  const given = cases()[name]!();
  const fit = sampleSync(given.graph, given.data, size);
  const whole = plain(named(withGroupCoefficients(fit)));
  const options = { groupCoefficients: true };

  test('read back exactly from the draws_list', () => {
    expect(plain(readDrawsJson(toDrawsList(fit, options)))).toEqual(whole);
  });

  test('read back exactly from the posterior of the fit file', () => {
    const read = plain(readDrawsJson(toJson(fit, options))) as { name: string }[];
    expect(read).toEqual(whole);
  });

  test('read back exactly from the long table, in the order of first appearance', () => {
    expect(plain(readDrawsCsv(toTidyCsv(fit, options)))).toEqual(whole);
  });

  test('read back exactly from the wide table', () => {
    expect(plain(readDrawsCsv(toWideCsv(fit, options)))).toEqual(whole);
  });

  test('read back exactly from Stan CSV, named as in its comments, the first index fastest', () => {
    const texts = toStanCsv(fit, options);
    const read = plain(readDrawsCsv(texts)) as { name: string }[];
    const byName = new Map(read.map((variable) => [variable.name, variable]));
    expect(named(withGroupCoefficients(fit)).map((variable) => byName.get(variable.name))).toEqual(whole);
    expect(read).toHaveLength(whole.length);
  });

  test('read back exactly from the JSON of MCMCChains', () => {
    expect(plain(readDrawsJson(toMCMCChains(fit, options)))).toEqual(whole);
  });
});

describe('the writers', () => {
  test('write the draws_list as an array of chains with flat names', () => {
    const list = JSON.parse(toDrawsList(small)) as Record<string, number[]>[];
    expect(list).toHaveLength(2);
    expect(Object.keys(list[0]!)).toEqual([
      'beta[Intercept]',
      'beta[x]',
      'tau_g[Intercept]',
      'u_g[a,Intercept]',
      'u_g[b,Intercept]',
      'u_g[c,Intercept]',
      'sigma',
    ]);
    expect(list[1]!['sigma']).toEqual(Array.from(scalarChains(small.draws, 6)[1]!));
  });

  test("write MCMCChains' values in Julia's column-major order: iteration, parameter, chain", () => {
    const file = JSON.parse(toMCMCChains(small)) as {
      size: number[];
      value_flat: number[];
      parameters: string[];
      [key: string]: unknown;
    };
    expect(file).toMatchObject({
      size: [7, 7, 2],
      iterations: [1, 2, 3, 4, 5, 6, 7],
      chains: [1, 2],
      logevidence: null,
      name_map: { parameters: file.parameters },
      info: { seed: 5, warmup: 5 },
    });
    for (let scalar = 0; scalar < 7; scalar += 1) {
      for (let chain = 0; chain < 2; chain += 1) {
        const start = (chain * 7 + scalar) * 7;
        expect(file.value_flat.slice(start, start + 7)).toEqual(Array.from(scalarChains(small.draws, scalar)[chain]!));
      }
    }
  });

  test('write Stan CSV with the header that readers of CmdStan output ask for and one file a chain', () => {
    const [first, second] = toStanCsv(small);
    expect(first!.split('\n').slice(0, 19)).toEqual([
      '# written by partial-pooling 0.1.0',
      '# model = partial_pooling',
      '# method = sample',
      '#   num_samples = 7',
      '#   num_warmup = 5',
      '#   save_warmup = 0',
      '#   thin = 1',
      '#   algorithm = fixed_param',
      '# id = 1',
      '# seed = 5',
      '# beta.1 is beta[Intercept]',
      '# beta.2 is beta[x]',
      '# tau_g.1 is tau_g[Intercept]',
      '# u_g.1.1 is u_g[a,Intercept]',
      '# u_g.2.1 is u_g[b,Intercept]',
      '# u_g.3.1 is u_g[c,Intercept]',
      '# sigma is sigma',
      'lp__,accept_stat__,beta.1,beta.2,tau_g.1,u_g.1.1,u_g.2.1,u_g.3.1,sigma',
      `0,1,${Array.from({ length: 7 }, (_, scalar) => scalarChains(small.draws, scalar)[0]![0]).join(',')}`,
    ]);
    expect(second).toContain('# id = 2\n');
    expect(second!.trimEnd().split('\n')).toHaveLength(18 + 7);
  });

  test('write the long and the wide table with their headers', () => {
    const value = scalarChains(small.draws, 0)[0]![0];
    expect(toTidyCsv(small).split('\n').slice(0, 2)).toEqual([
      'chain,iteration,variable,value',
      `1,1,beta[Intercept],${value}`,
    ]);
    expect(toTidyCsv(small)).toContain('2,7,"u_g[c,Intercept]",');
    expect(toWideCsv(small).split('\n')[0]).toBe(
      '.chain,.iteration,.draw,beta[Intercept],beta[x],tau_g[Intercept],"u_g[a,Intercept]","u_g[b,Intercept]","u_g[c,Intercept]",sigma',
    );
    expect(toWideCsv(small).split('\n')[8]).toMatch(/^2,1,8,/);
  });

  test.each([toDrawsList, toMCMCChains, toStanCsv, toTidyCsv, toWideCsv])(
    'refuse a draw that is not finite',
    (write) => {
      const values = small.draws.values.slice();
      values[17] = Number.NaN;
      expect(() => write({ ...small, draws: { ...small.draws, values } })).toThrow(
        /^beta\[x\]: draw 4 of chain 1 is NaN; only finite draws can be written/,
      );
    },
  );
});
