import { inverse, Matrix, solve } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { plotPopulation } from '../../../src/plots/pictures/estimates/plotPopulation.ts';
import { predictionText } from '../../../src/report/text.ts';
import { gaussHermite } from '../../../src/special/gaussHermite.ts';
import { quadratic } from '../../../src/summary/comparison/deltaMethod.ts';
import { poststratify } from '../../../src/summary/prediction/poststratify.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../../likelihood/goldenData.ts';
import { syntheticFit } from '../syntheticFit.ts';
import { herds, voters } from '../voterData.ts';

const fit = syntheticFit(formula('vote ~ income + avg + (1 + income | state)', { family: 'binomialLogit' }), voters);
const cells = {
  income: [-1, 1, -1, 1, 0, 2],
  state: ['a', 'a', 'c', 'c', 'e', 'b'],
  sex: ['f', 'm', 'f', 'm', 'f', 'm'],
  N: [100, 300, 50, 50, 20, 0.5],
};
const S = 50;

/** The draws of the cells' probabilities. */
const p = predict(fit, cells, { draws: true }).draws!;
const share = (chosen: readonly number[], s: number): number => {
  const people = chosen.reduce((sum, i) => sum + cells.N[i]!, 0);
  return chosen.reduce((sum, i) => sum + cells.N[i]! * p[i * S + s]!, 0) / people;
};

describe('poststratify', () => {
  it('is the weighted mean of the probabilities of the cells in every draw', () => {
    const whole = poststratify(fit, cells, { draws: true });
    expect(whole.rows).toHaveLength(1);
    for (let s = 0; s < S; s++) expect(whole.draws![s]!).toBeCloseTo(share([0, 1, 2, 3, 4, 5], s), 14);
    const states = poststratify(fit, cells, { by: 'state', draws: true });
    expect(states.rows.map((row) => [row['state'], row['N']])).toEqual([
      ['a', 400],
      ['b', 0.5],
      ['c', 100],
      ['e', 20],
    ]);
    const members = [[0, 1], [5], [2, 3], [4]];
    members.forEach((chosen, part) => {
      for (let s = 0; s < S; s++) expect(states.draws![part * S + s]!).toBeCloseTo(share(chosen, s), 14);
    });
    expect(Object.keys(states.rows[0]!)).toEqual(['state', 'N', 'mean', 'sd', 'q5', 'q50', 'q95']);
  });

  it('of one cell is the prediction of its row, and totals are shares times people', () => {
    const states = poststratify(fit, cells, { by: 'state' }).rows;
    const row = predict(fit, cells).rows[5]!;
    expect(states[1]!['mean']).toBeCloseTo(Number(row['mean']), 14);
    expect(states[1]!['q95']).toBeCloseTo(Number(row['q95']), 14);
    const totals = poststratify(fit, cells, { by: 'state', kind: 'total' }).rows;
    totals.forEach((total, i) => {
      expect(total['mean']).toBeCloseTo(Number(states[i]!['mean']) * Number(states[i]!['N']), 10);
    });
  });

  it('divides by several columns, one of which may stand in a group table, in the order of their levels', () => {
    const { rows } = poststratify(fit, { rows: cells, groups: voters.groups }, { by: ['region', 'sex'] });
    expect(rows.map((row) => [row['region'], row['sex'], row['N']])).toEqual([
      ['N', 'f', 150],
      ['N', 'm', 350],
      ['S', 'f', 20],
      ['S', 'm', 0.5],
    ]);
  });

  it('does not depend on the order of the cells, and is the same for a cell divided in two', () => {
    const order = [3, 5, 0, 4, 1, 2];
    const pick = <T>(values: readonly T[]) => order.map((i) => values[i]!);
    const shuffled = {
      income: pick(cells.income),
      state: pick(cells.state),
      sex: pick(cells.sex),
      N: pick(cells.N),
    };
    const halved = {
      income: [...cells.income, -1],
      state: [...cells.state, 'a'],
      sex: [...cells.sex, 'f'],
      N: [60, ...cells.N.slice(1), 40],
    };
    const expected = poststratify(fit, cells, { by: 'state' }).rows;
    for (const other of [shuffled, halved]) {
      poststratify(fit, other, { by: 'state' }).rows.forEach((row, i) => {
        expect(row['mean']).toBeCloseTo(Number(expected[i]!['mean']), 13);
        expect(row['sd']).toBeCloseTo(Number(expected[i]!['sd']), 13);
      });
    }
  });

  it('of the sample itself gives its shares: a regression on a constant and a two-valued column reproduces both', () => {
    const graph = formula('sick | trials(size) ~ period', { family: 'binomialLogit' });
    const sampled = sampleSync(graph, herds, { chains: 2, warmup: 500, iterations: 2000, seed: 20260101 });
    const { rows } = poststratify(sampled, herds, { by: 'period', weights: 'size' });
    // Posterior means of Beta-like posteriors, 10 of 52 and 11 of 45: a flat prior of the log odds gives the share
    // itself, normal(0, 10) and the slope's normal(0, 2.5 / sd) move it by less than a tenth of a posterior sd; Monte
    // Carlo error is a thirtieth.
    [10 / 52, 11 / 45].forEach((share, part) => {
      expect(Math.abs(Number(rows[part]!['mean']) - share) / Number(rows[part]!['sd'])).toBeLessThan(0.25);
    });
    const whole = poststratify(sampled, herds, { weights: 'size', kind: 'total' }).rows[0]!;
    expect(Math.abs(Number(whole['mean']) - 21) / Number(whole['sd'])).toBeLessThan(0.25);
  });

  it('gives the means of a gaussian response', () => {
    const gaussian = syntheticFit(formula('income ~ vote + (1 | state)'), voters);
    const table = { vote: [0, 1], state: ['a', 'b'], N: [3, 1] };
    const [row] = poststratify(gaussian, table).rows;
    const [a, b] = predict(gaussian, table).rows;
    expect(row!['mean']).toBeCloseTo((3 * Number(a!['mean']) + Number(b!['mean'])) / 4, 13);
  });

  it('refuses a group the fit has not unless new groups are allowed', () => {
    const other = { ...cells, state: ['a', 'a', 'c', 'c', 'e', 'zz'], avg: [0, 0, 0, 0, 0, 0] };
    expect(() => poststratify(fit, other)).toThrow(
      `state "zz" in cells is no group of the fit, and newGroups is 'error'; 'draw' and 'population' predict new groups`,
    );
    expect(poststratify(fit, other, { by: 'state', newGroups: 'draw' }).rows).toHaveLength(4);
    const line = poststratify(fit, other, { by: 'state', newGroups: 'population' }).rows;
    expect(line[3]!['mean']).toBeCloseTo(Number(predict(fit, other, { groups: 'none' }).rows[5]!['mean']), 13);
  });

  it.each<[string, Record<string, unknown>, object, RegExp]>([
    ['a predictor that is missing', { ...cells, income: undefined }, {}, /"income" is .*cells/],
    ['a predictor with a missing value', { ...cells, income: [Number.NaN, 1, 1, 1, 1, 1] }, {}, /income in 1/],
    ['no column of sizes', { ...cells, N: undefined }, {}, /cells has no column "N" with the number of people/],
    ['a size below 0', { ...cells, N: [1, 1, -2, 1, 1, 1] }, {}, /cells: N is -2 in row 3; .* 0 or more/],
    ['a missing size', { ...cells, N: [1, Number.NaN, 2, 1, 1, 1] }, {}, /cells: N is missing in row 2/],
    ['sizes that are text', { ...cells, N: ['x', '1', '1', '1', '1', '1'] }, {}, /cells: N is "x" in row 1/],
    [
      'a part without people',
      { ...cells, N: [1, 1, 0, 0, 1, 1] },
      { by: 'state' },
      /the cells of state "c" have N = 0/,
    ],
    ['a column of by that is nowhere', cells, { by: 'regio' }, /"regio"/],
    ['a kind that is none', cells, { kind: 'mean' }, /kind: got "mean"; accepted is 'share' or 'total'/],
    ['a level that is none', cells, { level: 95 }, /level: got 95/],
  ])('refuses %s in one sentence', (_, table, options, message) => {
    const given = Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined));
    expect(() => poststratify(fit, given as typeof cells, options)).toThrow(message);
  });
});

describe('poststratify of a maximum likelihood fit', () => {
  const sleep = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
  const votes = maximumLikelihood(formula('vote ~ income + (1 + income | state)', { family: 'binomial' }), voters);
  const visits = { Subject: ['308', '309', '308', '335'], Days: [2.5, 1, 9, 0], N: [10, 5, 1, 0] };

  it("is the sum at the modes with the error of Henderson's equations", () => {
    const { p, X, groupTerms, n } = sleep.design;
    const [{ Z, index, J, q }, { Sigma, modes }] = [groupTerms[0]!, sleep.groups[0]!];
    const size = p + J * q;
    const row = (x: ArrayLike<number>, j: number, z: ArrayLike<number>): number[] => {
      const out = new Array<number>(size).fill(0);
      for (let c = 0; c < p; c++) out[c] = x[c]!;
      for (let k = 0; k < q; k++) out[p + j * q + k] = z[k]!;
      return out;
    };
    const A = new Matrix(
      Array.from({ length: n }, (_, i) =>
        row(X.subarray(i * p, (i + 1) * p), index[i]!, Z.subarray(i * q, (i + 1) * q)),
      ),
    );
    const C = A.transpose()
      .mmul(A)
      .div(sleep.sigma! ** 2);
    const precision = inverse(Matrix.from1DArray(q, q, Array.from(Sigma)));
    for (let j = 0; j < J; j++) {
      for (let k = 0; k < q; k++) {
        for (let l = 0; l < q; l++) {
          const [a, b] = [p + j * q + k, p + j * q + l];
          C.set(a, b, C.get(a, b) + precision.get(k, l));
        }
      }
    }
    const weights = new Array<number>(size).fill(0);
    visits.Subject.forEach((subject, i) => {
      const x = [1, visits.Days[i]!];
      row(x, groupTerms[0]!.levels.indexOf(subject), x).forEach((value, a) => {
        weights[a]! += (visits.N[i]! / 16) * value;
      });
    });
    const g = Matrix.columnVector(weights);
    const right = [...sleep.fixef.estimates, ...modes].reduce((sum, value, a) => sum + value * weights[a]!, 0);
    const se = Math.sqrt(g.transpose().mmul(solve(C, g)).get(0, 0));
    const [whole] = poststratify(sleep, visits).rows;
    expect(whole!.estimate / right).toBeCloseTo(1, 12);
    expect(whole!.se / se).toBeCloseTo(1, 8);
    expect(whole!.upper).toBeCloseTo(right + 1.6448536269514722 * se, 6);
    expect(Object.keys(whole!)).toEqual(['N', 'estimate', 'se', 'lower', 'upper']);
    const [total] = poststratify(sleep, visits, { kind: 'total' }).rows;
    expect(total!.se / whole!.se).toBeCloseTo(16, 10);
  });

  it('of one cell is the prediction of its row, on the scale of probabilities', () => {
    const rows = { income: [-1, 1, 0.5], state: ['a', 'b', 'c'], N: [7, 1, 3] };
    const parts = poststratify(votes, rows, { by: 'state' }).rows;
    predict(votes, rows).rows.forEach(({ estimate, se }, i) => {
      expect(parts[i]!.estimate).toBeCloseTo(estimate, 13);
      expect(parts[i]!.se).toBeCloseTo(se, 13);
    });
  });

  it('averages over the deviations of a group that the fit has not, which its cells share', () => {
    const fresh = { Subject: ['x', 'x', 'y'], Days: [0, 2, 2], N: [1, 1, 2] };
    const [drawn] = poststratify(sleep, fresh, { newGroups: 'draw' }).rows;
    const [line] = poststratify(sleep, fresh, { newGroups: 'population' }).rows;
    expect(drawn!.estimate).toBeCloseTo(line!.estimate, 9);
    // x has the mean of its rows at 0 and 2, a row at 1, y one at 2; each is half of the people.
    const at = (days: number) => quadratic(sleep.groups[0]!.Sigma as Float64Array, Float64Array.of(1, days));
    expect(drawn!.se ** 2).toBeCloseTo(line!.se ** 2 + (at(1) + at(2)) / 4, 6);
    const [mean] = poststratify(votes, { income: [2], state: ['new'], N: [1] }, { newGroups: 'draw' }).rows;
    const variance = quadratic(votes.groups[0]!.Sigma as Float64Array, Float64Array.of(1, 2));
    const eta = votes.fixef.estimates[0]! + 2 * votes.fixef.estimates[1]!;
    const { nodes, weights } = gaussHermite(40);
    let integral = 0;
    nodes.forEach((z, k) => {
      const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
      integral += (weights[k]! * density) / (1 + Math.exp(-(eta + Math.sqrt(variance) * z)));
    });
    expect(mean!.estimate).toBeCloseTo(integral, 6);
    expect(faultOf(() => poststratify(sleep, fresh)).code).toBe('new-group');
  });

  it('is drawn and printed as an estimate, and refuses what takes draws', () => {
    const parts = poststratify(sleep, visits, { by: 'Subject', kind: 'total' });
    expect(predictionText(parts)).toMatch(/^Subject +N +estimate +se +lower +upper\n/);
    const picture = plotPopulation(parts);
    expect(picture.legend[0]!.text).toBe('estimate');
    expect(picture.description).toMatch(/^From .* \(308\) to 0 \(335\)/);
    expect(faultOf(() => poststratify(sleep, visits, { draws: true })).message).toMatch(
      /has no draws; leave the option/,
    );
    expect(faultOf(() => poststratify(sleep, visits, { seed: 1 })).code).toBe('not-supported');
  });
});
