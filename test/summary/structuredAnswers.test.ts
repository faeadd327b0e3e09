import { readFileSync } from 'node:fs';
import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { uniform } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { scalarDraws } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { compareGroups } from '../../src/summary/comparison/compareGroups.ts';
import { groupLogLikelihood } from '../../src/summary/comparison/groupLogLikelihood.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { ranef } from '../../src/summary/estimates.ts';
import { betaDraws, groupDraws, variableOf } from '../../src/summary/groupDraws.ts';
import { icc } from '../../src/summary/icc.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { marginalCovariance } from '../../src/summary/variance/marginalCovariance.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { madeRows } from '../likelihood/structured/structuredData.ts';
import { denseSigma, logNormalDensity } from '../oracle/denseGroups.ts';
import { denseResiduals } from '../oracle/denseResiduals.ts';

const orthodont = fixtureFrame('orthodont');
const nlme = JSON.parse(readFileSync(new URL('../fixtures/likelihood/residualAnswers.json', import.meta.url), 'utf8'))
  .ar1 as { ranef: Record<string, number>; marginal: number[][]; marginalFemale: number[][] };
const REML = maximumLikelihood('distance ~ age * Sex + (1 | Subject)', orthodont, {
  residual: 'ar1(age | Subject)',
  sigma: '~ Sex',
});

const { columns } = madeRows(9, 5, 3);
const options = { chains: 1, warmup: 60, iterations: 12, seed: 4 };
const structured = { residual: 'ar1(time | group)', sigma: '~ kind' };
const fit = sampleSync('y ~ x + (1 + x | group)', columns, { ...options, ...structured });
const S = options.iterations;

/** Of draw s: beta, Sigma, and the covariance of the residuals of two rows. */
function atDraw(from: Fit, s: number) {
  const scalar = (name: string) => scalarDraws(from.draws, variableOf(from, name).offset)[s]!;
  const { tau, corr, pairs, term } = groupDraws(from, 0);
  const draw = (values: Float64Array): number => values[s]!;
  const Sigma = denseSigma(
    term,
    term.labels.map((_, k) => draw(tau(k))),
    pairs.map((_, pair) => draw(corr(pair))),
  );
  const b = columns.kind!.map((kind) => scalar('sigma') * Math.exp(kind === 'b' ? scalar('delta') : 0));
  const law = { kind: 'ar1', correlations: [scalar('phi')] } as const;
  // A step is two units of time.
  const rows = { group: columns.group!, time: columns.time!.map((t) => Number(t) / 2), sd: b };
  return { beta: [0, 1].map((c) => betaDraws(from, c)[s]!), Sigma, residual: denseResiduals(law, rows) };
}

const membersOf = (level: string): number[] => [...columns.group!.keys()].filter((i) => columns.group![i] === level);
const block = (rows: number[], value: (i: number, k: number) => number): Matrix =>
  new Matrix(rows.map((i) => rows.map((k) => value(i, k))));

describe('what shrinkage says where residuals depend on each other', () => {
  it("has nlme's deviations and covariances", () => {
    for (const { level, mode } of ranef(REML).Subject!) {
      // Two searches for one maximum, each to its own stopping rule.
      expect(Math.abs(mode - nlme.ranef[level]!)).toBeLessThan(2e-4);
    }
    for (const [level, theirs] of [
      ['M01', nlme.marginal],
      ['F10', nlme.marginalFemale],
    ] as const) {
      const { covariance } = marginalCovariance(REML, 'Subject', level);
      theirs.flat().forEach((value, at) => {
        expect(Math.abs(covariance[at]! / value - 1)).toBeLessThan(2e-4);
      });
    }
  });

  it.each([
    ['y ~ x + (1 | group)', { residual: 'car1(time | group)' }],
    ['y ~ x + (1 + x | group)', structured],
    ['y ~ x + (0 + x | group)', { residual: 'cs(group)' }],
    ['y ~ x + (1 | town)', { residual: 'toeplitz(time | group)', sigma: '~ kind' }],
  ] as const)('%s %j: the model is its weights of the line and of the own estimate', (text, given) => {
    const ml = maximumLikelihood(text, columns, given);
    const { factor, q, J } = ml.design.groupTerms[0]!;
    const { rows } = shrinkage(ml, factor, { matrix: true });
    let checked = 0;
    for (let j = 0; j < J; j++) {
      const own = rows.slice(j * q, (j + 1) * q);
      if (own.some(({ noPooling }) => noPooling === null)) continue;
      for (const [k, row] of own.entries()) {
        const blended = Object.values(row.matrixWeights!).reduce(
          (sum, w, l) => sum + w * own[l]!.populationLine + ((k === l ? 1 : 0) - w) * own[l]!.noPooling!,
          0,
        );
        expect(blended).toBeCloseTo(row.partialPooling, 10);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(2);
  });

  it('agrees with dense matrices in every draw: weights and own estimates', () => {
    const { rows } = shrinkage(fit, 'group');
    const term = fit.design.groupTerms[0]!;
    term.levels.forEach((level, j) => {
      const own = membersOf(level);
      const Z = new Matrix(own.map((i) => [1, Number(columns.x![i])]));
      const weights = [0, 0];
      for (let s = 0; s < S; s++) {
        const { Sigma, residual } = atDraw(fit, s);
        const A = Z.transpose()
          .mmul(inverse(block(own, residual)))
          .mmul(Z);
        const V = inverse(Matrix.add(A, inverse(Sigma)));
        for (const k of [0, 1]) weights[k]! += V.get(k, k) / Sigma.get(k, k) / S;
      }
      for (const k of [0, 1]) expect(rows[2 * j + k]!.shrinkageWeight).toBeCloseTo(weights[k]!, 8);
    });
    const complete = maximumLikelihood('y ~ x', columns, structured).fixef.estimates;
    expect(rows[0]!.completePooling).toBeCloseTo(complete[0]!, 8);
    expect(rows[1]!.completePooling).toBeCloseTo(complete[1]!, 8);
  });

  it('takes the rows of a group alone where the structure lies across groups', () => {
    const across = maximumLikelihood('y ~ x + (1 | kind)', columns, { residual: 'ar1(time | group)' });
    const { rows } = shrinkage(across, 'kind');
    const phi = across.residual!.parameters[0]!.estimate;
    const law = denseResiduals(
      { kind: 'ar1', correlations: [phi] },
      {
        group: columns.group!,
        time: columns.time!.map((t) => Number(t) / 2),
        sd: columns.kind!.map(() => across.sigma!),
      },
    );
    const tau = across.groups[0]!.tau[0]!;
    rows.forEach(({ level, shrinkageWeight, noPooling }) => {
      const own = [...columns.kind!.keys()].filter((i) => columns.kind![i] === level);
      const P = inverse(block(own, law));
      const one = Matrix.ones(own.length, 1);
      const a = one.transpose().mmul(P).mmul(one).get(0, 0);
      expect(shrinkageWeight).toBeCloseTo(1 / (1 + tau * tau * a), 9);
      const rest = Matrix.columnVector(
        own.map((i) => Number(columns.y![i]) - across.fixef.estimates[1]! * Number(columns.x![i])),
      );
      expect(noPooling).toBeCloseTo(one.transpose().mmul(P).mmul(rest).get(0, 0) / a, 8);
    });
  });
});

describe('what else is answered where residuals depend on each other', () => {
  it('leaves out groups: the log density of their rows, deviations integrated out', () => {
    const { values, observations } = groupLogLikelihood(fit, 'group');
    const { levels } = fit.design.groupTerms[0]!;
    for (const s of [0, S - 1]) {
      const { beta, Sigma, residual } = atDraw(fit, s);
      levels.forEach((level, j) => {
        const own = membersOf(level);
        const Z = new Matrix(own.map((i) => [1, Number(columns.x![i])]));
        const V = Matrix.add(Z.mmul(Sigma).mmul(Z.transpose()), block(own, residual));
        const mean = own.map((i) => beta[0]! + beta[1]! * Number(columns.x![i]));
        const y = own.map((i) => Number(columns.y![i]));
        expect(values[s * observations + j]).toBeCloseTo(logNormalDensity(y, mean, V), 8);
      });
    }
    expect(leaveOneOut(fit, { by: 'group' }).levels).toEqual(levels);
    const fault = faultOf(() => leaveOneOut(fit));
    expect(fault.code).toBe('not-supported');
    expect(fault.message).toContain('leaveOneOut with by: "group"');
  });

  it('leaves out groups that are of the structure alone, and refuses to cut through them', () => {
    const alone = sampleSync('y ~ x + (1 | kind)', columns, { ...options, residual: 'cs(group)' });
    expect(leaveOneOut(alone, { by: 'group' }).levels).toHaveLength(9);
    const fault = faultOf(() => groupLogLikelihood(alone, 'kind'));
    expect(fault.message).toContain('not all of its rows are left out together');
  });

  it('leaves out rows that have sds of their own and are independent', () => {
    const apart = sampleSync('y ~ x + (1 | group)', columns, { ...options, sigma: '~ kind' });
    const { values, observations } = logLikelihood(apart);
    const u = groupDraws(apart, 0);
    const scalar = (name: string) => scalarDraws(apart.draws, variableOf(apart, name).offset)[3]!;
    apart.design.groupTerms[0]!.index.forEach((j, i) => {
      const mean = betaDraws(apart, 0)[3]! + betaDraws(apart, 1)[3]! * Number(columns.x![i]) + u.u(j, 0)[3]!;
      const sd = scalar('sigma') * Math.exp(columns.kind![i] === 'b' ? scalar('delta') : 0);
      const z = (Number(columns.y![i]) - mean) / sd;
      expect(values[3 * observations + i]).toBeCloseTo(-0.5 * (Math.log(2 * Math.PI) + z * z) - Math.log(sd), 10);
    });
  });

  it('has the variance share at a sd that depends on terms, and asks for the occasion where each has its own', () => {
    const [row] = icc(REML, { at: { Sex: 'Male' } });
    const { tau } = REML.groups[0]!;
    const delta = REML.residual!.parameters.find(({ name }) => name === 'delta[SexMale]')!.estimate;
    const share = tau[0]! ** 2 / (tau[0]! ** 2 + (REML.sigma! * Math.exp(delta)) ** 2);
    expect(row!.estimate).toBeCloseTo(share, 12);
    expect(row!.besides).toContain('ar1 within Subject');
    // Of nine groups three have all occasions, and one of their contrasts would be fitted.
    const more = madeRows(16, 5, 3).columns;
    const own = maximumLikelihood('y ~ x + (1 | town)', more, { residual: 'unstructured(time | group)' });
    expect(icc(own)[0]).toMatchObject({ estimate: null, reason: expect.stringContaining('at: { time: 0 }') });
    const sd = own.residual!.sds[2]!.estimate;
    const variance = own.groups[0]!.tau[0]! ** 2;
    expect(icc(own, { at: { time: 4 } })[0]!.estimate).toBeCloseTo(variance / (variance + sd ** 2), 12);
    expect(faultOf(() => icc(own, { at: { time: 5 } })).message).toContain('its occasions are 0, 2, 4, 6, 8');
  });

  it('sets draws beside estimates, the parameters of the residuals among them', () => {
    const ml = maximumLikelihood('y ~ x + (1 + x | group)', columns, structured);
    const { rows } = compare(fit, ml);
    for (const { name, estimate } of ml.residual!.parameters) {
      expect(rows.find(({ parameter }) => parameter === name)!.ml).toBe(estimate);
    }
    const weights = shrinkage(ml, 'group').rows.map(({ shrinkageWeight }) => shrinkageWeight);
    expect(compareGroups(fit, ml, 'group').rows.map((row) => row.shrinkageWeightMl)).toEqual(weights);
    const plain = maximumLikelihood('y ~ x + (1 + x | group)', columns, {});
    expect(faultOf(() => compare(fit, plain)).message).toContain('compare fits of the same residuals');
  });

  it('draws from the prior: residuals of the correlation that was drawn', () => {
    const draws = 400;
    const prior = simulatePrior('y ~ x + (1 | group)', columns, {
      ...structured,
      priors: { phi: uniform(0.2, 0.8) },
      draws,
      flat: 'wide',
    });
    const { n, parameters, responses, design } = prior;
    const at = (name: string, d: number, k = 0) => {
      const { offset } = parameters.variables.find((variable) => variable.name === name)!;
      return parameters.values[(offset + k) * draws + d]!;
    };
    const first = membersOf('g000').sort((a, b) => Number(columns.time![a]) - Number(columns.time![b]));
    const [one, two] = first as [number, number];
    const steps = (Number(columns.time![two]) - Number(columns.time![one])) / 2;
    const z: number[] = [];
    const products: number[] = [];
    for (let d = 0; d < draws; d++) {
      const residual = (i: number) => {
        const eta =
          at('beta', d) + at('beta', d, 1) * design.X[2 * i + 1]! + at('u_group', d, design.groupTerms[0]!.index[i]!);
        const sd = at('sigma', d) * Math.exp(columns.kind![i] === 'b' ? at('delta', d) : 0);
        return (responses[i * draws + d]! - eta) / sd;
      };
      z.push(residual(one) ** 2);
      products.push(residual(one) * residual(two) - at('phi', d) ** steps);
    }
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value / values.length, 0);
    // Means of 400 draws: variances 2 and at most 2; four standard errors.
    expect(Math.abs(mean(z) - 1)).toBeLessThan(4 * Math.sqrt(2 / draws));
    expect(Math.abs(mean(products))).toBeLessThan(4 * Math.sqrt(2 / draws));
    expect(n).toBe(columns.y!.length);
  });
});
