import { describe, expect, it } from 'vitest';
import { quantile } from '../../../diagnostics/quantile.ts';
import { ModelError } from '../../../src/errors.ts';
import { fromJson } from '../../../src/files/fromJson.ts';
import { formula } from '../../../src/formula/formula.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { groupRanksText } from '../../../src/report/groupRanksText.ts';
import { type GroupRanksOptions, groupRanks } from '../../../src/summary/comparison/groupRanks.ts';
import { midranks } from '../../../src/summary/comparison/midranks.ts';
import { run } from '../../cli/testIo.ts';
import { data } from '../../likelihood/goldenData.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

/** Places and ties by comparing every value with every other. */
function slowPlaces(values: ArrayLike<number>): { places: number[]; ties: number[] } {
  const all = Array.from(values);
  return {
    places: all.map((v) => 1 + all.filter((w) => w < v).length),
    ties: all.map((v) => all.filter((w) => w === v).length),
  };
}

describe('midranks', () => {
  const rng = createRng([4, 0]);
  const kinds: Record<string, () => number> = {
    normal: () => rng.normal(),
    'with many ties': () => Math.floor(4 * rng.uniform()),
    'with one value far out': () => (rng.uniform() < 0.02 ? 1e12 : rng.normal()),
    'all equal': () => 3,
    'of both zeros': () => (rng.uniform() < 0.5 ? -0 : 0),
    'next to the largest number': () => (rng.uniform() - 0.5) * 2e307,
  };
  it.each(Object.keys(kinds))('are those of a comparison of all pairs: %s', (kind) => {
    for (const J of [1, 2, 7, 150]) {
      const rank = midranks(J);
      for (let trial = 0; trial < 5; trial++) {
        const values = Float64Array.from({ length: J }, kinds[kind]!);
        const { places, ties } = rank(values);
        expect({ places: Array.from(places), ties: Array.from(ties) }).toEqual(slowPlaces(values));
      }
    }
  });
});

describe('groupRanks', () => {
  const fit = syntheticFit(formula('log_radon ~ floor * log_uranium + (1 + floor | county)'), data('radon_arm'));
  const S = fit.draws.chains * fit.draws.iterations;
  const { J, level2 } = fit.design.groupTerms[0]!;
  const coefficient = (j: number, k: number, s: number): number => {
    let sum = drawOf(fit, 'u_county', j * 2 + k, s);
    for (let l = 0; l < level2.m; l++) {
      sum += level2.W[j * level2.m + l]! * drawOf(fit, 'beta', level2.columns[k * level2.m + l]!, s);
    }
    return sum;
  };
  const cases: [string, GroupRanksOptions, (j: number, s: number) => number][] = [
    ['coefficients', {}, (j, s) => -coefficient(j, 0, s)],
    ['the lowest slope', { term: 'floor', best: 'lowest', top: 3, level: 0.8 }, (j, s) => coefficient(j, 1, s)],
    ['deviations', { of: 'deviation', top: J }, (j, s) => -drawOf(fit, 'u_county', j * 2, s)],
  ];
  it.each(cases)('are the ranks draw by draw: %s', (_, options, value) => {
    const found = groupRanks(fit, 'county', options);
    const ranks = Array.from({ length: S }, (_unused, s) =>
      slowPlaces(Array.from({ length: J }, (_v, j) => value(j, s))),
    );
    const tail = (1 - found.level) / 2;
    found.rows.forEach((row, j) => {
      const own = Float64Array.from(ranks, ({ places }) => places[j]!);
      const mean = own.reduce((sum, r) => sum + r, 0) / S;
      expect(row.expectedRank).toBeCloseTo(mean, 10);
      expect([row.lower, row.median, row.upper]).toEqual(
        quantile([own], [tail, 0.5, 1 - tail]).map((q) => expect.closeTo(q, 10)),
      );
      expect(row.best).toBeCloseTo(own.filter((r) => r === 1).length / S, 10);
      expect(row.inTop).toBeCloseTo(own.filter((r) => r <= found.top).length / S, 10);
    });
    expect(found.rows.reduce((sum, row) => sum + row.best, 0)).toBeCloseTo(1, 10);
    expect(found.rows.reduce((sum, row) => sum + row.inTop, 0)).toBeCloseTo(found.top, 8);
  });

  it('share the places of equal groups', () => {
    const equal = { ...fit, draws: { ...fit.draws, values: fit.draws.values.slice().fill(0) } };
    const { rows } = groupRanks(equal, 'county', { top: 5, of: 'deviation' });
    for (const row of rows) {
      expect([row.expectedRank, row.sd, row.lower]).toEqual([(J + 1) / 2, 0, (J + 1) / 2]);
      expect([row.best, row.inTop]).toEqual([expect.closeTo(1 / J, 10), expect.closeTo(5 / J, 10)]);
    }
  });

  it('of schools at the mean of ses: 7688 is the best with probability .96', () => {
    const schools = sampleSync(formula('mathach ~ ses + (1 + ses | school)'), data('hsb40'), {
      chains: 2,
      warmup: 300,
      iterations: 2000,
      seed: 1,
    });
    const { rows, best } = groupRanks(schools, 'school');
    const row = rows.find(({ level }) => level === '7688')!;
    expect(best).toBe('highest');
    // 4 000 nearly independent draws: a Monte Carlo error of .003.
    expect(row.best).toBeGreaterThan(0.94);
    expect(row.best).toBeLessThan(0.98);
    const lines = groupRanksText({ ...groupRanks(schools, 'school') }, { rows: 2 }).split('\n');
    expect(lines[2]).toMatch(/^7688 +1\.\d .* 0\.9\d\d +1\.000$/);
    expect(lines.at(-1)).toMatch(/^rank 1 of 40 is the highest Intercept/);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['factor', () => groupRanks(fit, 'state'), /"state" is no grouping factor of the model; the model has county/],
    ['term', () => groupRanks(fit, 'county', { term: 'flor' }), /"flor" does not vary by county; accepted are floor/],
    ['top', () => groupRanks(fit, 'county', { top: 1000 }), /top: got 1000; accepted is a whole number from 1 to 85/],
    [
      'best',
      () => groupRanks(fit, 'county', { best: 'first' as 'highest' }),
      /best: got "first"; accepted is 'highest' or 'lowest'/,
    ],
  ])('a wrong %s is answered in a sentence', (_, action, expected) => {
    let message = '';
    try {
      action();
    } catch (error) {
      if (error instanceof ModelError) message = error.message;
    }
    expect(message).toMatch(expected);
  });
});

describe('the command ranks', () => {
  it('is groupRanks, as JSON and as a table', async () => {
    const csv = `y,g\n${[1, 2, 4, 3, 5, 4, 8, 7, 9].map((y, i) => `${y},${'abc'[Math.floor(i / 3)]}`).join('\n')}\n`;
    const argv = 'fit,y ~ 1 + (1 | g),--data,d.csv,--chains,2,--warmup,50,--iterations,50,--seed,1,--out,fit.json';
    const fit = (await run(argv.split(','), { 'd.csv': csv })).written.get('fit.json')!;
    const asked = ['ranks', 'fit.json', '--best', 'lowest', '--top', '2'];
    const json = await run([...asked, '--json'], { 'fit.json': fit });
    expect(JSON.parse(json.stdout)).toEqual(groupRanks(fromJson(fit), 'g', { best: 'lowest', top: 2 }));
    const text = await run([...asked, '--rows', '1'], { 'fit.json': fit });
    expect([text.status, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/^g +expected rank .*P\(top 2\)\n[- ]+\na .*\n\nrank 1 of 3 is the lowest Intercept/);
    const wrong = await run([...asked, '--factor', 'h'], { 'fit.json': fit });
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('"h" is no grouping factor of the model'),
    ]);
  });
});
