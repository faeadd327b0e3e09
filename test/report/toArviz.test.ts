import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { halfNormal, normal } from '../../src/graph/priors.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { toArviz } from '../../src/report/toArviz.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { cases, tiny } from '../mcmc/smallFits.ts';

type Nested = readonly (readonly (readonly number[])[])[];
interface Groups {
  readonly [group: string]: Readonly<Record<string, Nested>>;
}

/** What the recipe for ArviZ 1.x leaves out, as the README writes it. */
const readme = readFileSync(new URL('../../src/files/README.md', import.meta.url), 'utf8');
const [, skipped] = /for g in raw if g not in \(([^)]*)\) and not g\.endswith\("attrs"\)/.exec(readme)!;
const skip = JSON.parse(`[${skipped}]`) as string[];

/** Lengths of an array's axes. */
const shape = (value: unknown): number[] =>
  Array.isArray(value) ? [value.length, ...(value.length > 0 ? shape(value[0]) : [])] : [];

const size = { chains: 2, warmup: 5, iterations: 7, seed: 5 };

describe.each(['radon, level-2 predictor on the rows', 'herds, counted successes', 'awkward names'])(
  'the groups of %s',
  (name) => {
    const { graph, data } = cases()[name]!();
    const fit = sampleSync(graph, data, size);
    const file = JSON.parse(toArviz(fit, { logLikelihood: true, posteriorPredictive: true })) as Groups;
    const [response] = Object.keys(file['observed_data']!);
    const { n } = fit.design;

    it('hold the log-likelihood of row i at draw s of chain c, under the name of the response', () => {
      const { values } = logLikelihood(fit);
      const want = [0, 1].map((c) =>
        Array.from({ length: 7 }, (_, s) => Array.from({ length: n }, (_unused, i) => values[(7 * c + s) * n + i])),
      );
      expect(file['log_likelihood']).toEqual({ [response!]: want });
    });

    it('hold the responses of predict, with the seed of the fit', () => {
      const draws = predict(fit, undefined, { kind: 'response', draws: true }).draws!;
      const want = [0, 1].map((c) =>
        Array.from({ length: 7 }, (_, s) => Array.from({ length: n }, (_unused, i) => draws[i * 14 + 7 * c + s])),
      );
      expect(file['posterior_predictive']).toEqual({ [response!]: want });
    });

    it('are what from_dict of ArviZ 1.x takes by the recipe of the README: a name for each axis, of one length', () => {
      for (const groups of [file, JSON.parse(toJson(fit)) as Groups]) {
        const taken = Object.keys(groups).filter((group) => !skip.includes(group) && !group.endsWith('attrs'));
        expect(taken).toEqual(expect.arrayContaining(['posterior', 'sample_stats', 'observed_data', 'constant_data']));
        const { dims, coords } = groups as unknown as Record<string, Record<string, readonly string[]>>;
        for (const group of taken) {
          // By arviz_base: groups of data have no chains and draws before their own axes.
          const sample = group.includes('data') ? [] : ['chain', 'draw'];
          const lengths = new Map<string, number>(Object.entries(coords!).map(([dim, labels]) => [dim, labels.length]));
          for (const [variable, values] of Object.entries(groups[group]!)) {
            const axes = [...sample, ...(dims![variable] ?? [])];
            const sizes = shape(values);
            expect(sizes, `${group}.${variable}`).toHaveLength(axes.length);
            for (const [k, dim] of axes.entries()) {
              expect(lengths.get(dim) ?? sizes[k], `${group}.${variable}`).toBe(sizes[k]);
              lengths.set(dim, sizes[k]!);
            }
          }
        }
      }
    });

    it("hold the statistics of the kernels' steps, [chain][draw]", () => {
      const stats = fit.sampleStats!;
      const want = stats.variables.map(({ name: stat, offset }) => [
        stat,
        scalarChains(stats, offset).map((chain) => Array.from(chain)),
      ]);
      expect(want).not.toEqual([]);
      expect(file['sample_stats']).toEqual(Object.fromEntries(want));
      const { sample_stats } = JSON.parse(toArviz({ ...fit, sampleStats: null })) as Groups;
      expect(sample_stats).toBeUndefined();
    });

    it('have one dimension for all that has a value per row, and nothing that was not asked for', () => {
      expect(Object.keys(file)).toEqual([
        'posterior',
        'sample_stats',
        'log_likelihood',
        'posterior_predictive',
        'observed_data',
        'constant_data',
        'coords',
        'dims',
        'posterior_attrs',
        'attrs',
      ]);
      expect(file['dims']![response!]).toHaveLength(1);
      expect(Object.keys(JSON.parse(toArviz(fit)) as Groups)).not.toContain('log_likelihood');
    });
  },
);

describe('the prior', () => {
  const { data } = tiny();
  const graph = formula('y ~ x + (1 | g)', {
    priors: { beta: normal(0, 5), sigma: halfNormal(3), tau_g: halfNormal(2) },
  });
  const fit = sampleSync(graph, data, size);

  it('is that of simulatePrior, as one chain, with the responses it implies', () => {
    const file = JSON.parse(toArviz(fit, { prior: true })) as Groups;
    const { parameters, responses } = simulatePrior(graph, data, { seed: 5 });
    expect(Object.keys(file['prior']!)).toEqual(Object.keys(file['posterior']!));
    const sigma = parameters.variables.find(({ name }) => name === 'sigma')!;
    expect(file['prior']!['sigma']).toEqual([Array.from(scalarChains(parameters, sigma.offset)[0]!)]);
    const drawn = file['prior_predictive']!['y']!;
    expect(drawn).toHaveLength(1);
    expect(drawn[0]).toHaveLength(1000);
    expect(drawn[0]![3]).toEqual(Array.from({ length: 9 }, (_, i) => responses[i * 1000 + 3]));
  });
});
