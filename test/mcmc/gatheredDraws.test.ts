import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { allocateColumns, copyColumns } from '../../src/mcmc/columns.ts';
import type { Draws, Recorded } from '../../src/mcmc/draws.ts';
import { gatheredDraws } from '../../src/mcmc/gatheredDraws.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSize } from '../../src/mcmc/sampleSize.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const data = { rows: fixtureFrame('eight_schools') };
const graph = formula('y | se(sigma) ~ 1 + (1 | school)');
const size = sampleSize({ chains: 3, warmup: 5, iterations: 11, seed: 4 });
const { draws, sampleStats } = sampleSync(graph, data, size);
const values = Float64Array.from([...draws.values, ...sampleStats!.values]);
const scalars = values.length / (size.chains * size.iterations);
const variables = draws.values.length / (size.chains * size.iterations);

/** What one chain of the fit has recorded: [scalar][iteration]. */
const records = Array.from({ length: size.chains }, (_, c) =>
  Float64Array.from(
    { length: scalars * size.iterations },
    (_, at) => values[(Math.floor(at / 11) * size.chains + c) * 11 + (at % 11)]!,
  ),
);

/** All draws, taken in three uneven parts, some of them as columns of their own, or put in their place. */
function gathered() {
  const all = gatheredDraws(plan(graph, data), size);
  for (const [from, to] of [
    [0, 1],
    [1, 7],
    [7, 11],
  ] as const) {
    records.forEach((values, chain) => {
      const record = { values, row: 11, at: 0 };
      const part = allocateColumns(scalars, from, to);
      copyColumns(scalars, record, part, from, to);
      if (chain === 2) copyColumns(scalars, part, all.columns(chain), from, to);
      else all.take(chain, from, to, chain === 1 ? part : record);
    });
  }
  return all;
}

/** The first iterations of some chains, value by value, and the statistics of their steps. */
function expected(chains: readonly number[], drawn: number): Recorded {
  const of = (whole: Draws, from: number, to: number): Draws => {
    const own = Array.from({ length: to - from }, (_, i) =>
      chains.flatMap((c) => Array.from({ length: drawn }, (_, t) => records[c]![(from + i) * 11 + t]!)),
    ).flat();
    return { ...whole, chains: chains.length, iterations: drawn, values: Float64Array.from(own) };
  };
  return { draws: of(draws, 0, variables), sampleStats: of(sampleStats!, variables, scalars) };
}

describe('gatheredDraws', () => {
  it('has the draws of a fit when all were taken, in whatever parts', () => {
    expect(gathered().draws([0, 1, 2], 11)).toEqual({ draws, sampleStats });
    expect(sampleStats!.variables.map(({ name }) => name)).toEqual([
      'acceptance_rate',
      'independent_rate',
      'log_marginal',
    ]);
  });

  it.each([1, 6, 10])('has the first %i iterations of every chain', (drawn) => {
    expect(gathered().draws([0, 1, 2], drawn)).toEqual(expected([0, 1, 2], drawn));
  });

  it('leaves out the chains that are not named', () => {
    expect(gathered().draws([0, 2], 11)).toEqual(expected([0, 2], 11));
    expect(gathered().draws([1], 3)).toEqual(expected([1], 3));
  });

  it('copies the first iterations, and takes them again', () => {
    const part = gathered().copy(6);
    expect(part).toEqual(expected([0, 1, 2], 6));
    const model = plan(graph, data);
    const again = gatheredDraws(model, size);
    again.takeAll(part);
    records.forEach((own, chain) => {
      again.take(chain, 6, 11, { values: own, row: 11, at: 0 });
    });
    expect(again.all()).toEqual({ draws, sampleStats });
    const without = gatheredDraws({ ...model, stats: [] }, size);
    without.takeAll(part);
    expect(without.draws([0, 1, 2], 6)).toEqual({ draws: part.draws, sampleStats: null });
  });
});
