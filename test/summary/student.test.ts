import { beforeAll, describe, expect, it } from 'vitest';
import { studentT } from '../../src/families/studentT.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { gamma, halfT, normal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { scalarDraws } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { compareModels } from '../../src/summary/comparison/compareModels.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { sigma } from '../../src/summary/estimates.ts';
import { variableOf } from '../../src/summary/groupDraws.ts';
import { icc } from '../../src/summary/icc.ts';
import { completePooling } from '../../src/summary/pooling/completePooling.ts';
import { rowInformation } from '../../src/summary/pooling/rowInformation.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { run } from '../cli/testIo.ts';

/** 48 rows in 6 groups, row 5 an outlier; weights 1 and 2. */
const n = 48;
const each = <T>(value: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => value(i));
const rows = {
  g: each((i) => `g${i % 6}`),
  x: each((i) => ((i * 7) % 11) / 5 - 1),
  w: each((i) => 1 + (i % 2)),
  y: each((i) => (i === 5 ? 40 : 3 + (i % 6) / 2 + ((i * 7) % 11) / 5 + Math.sin(5 * i))),
};
const text = 'y | weights(w) ~ x + (1 | g)';
const graph = formula(text, { family: 'student' });
const size = { chains: 2, warmup: 200, iterations: 600, seed: 31 };
let fit: Fit;
let gaussian: Fit;
beforeAll(() => {
  fit = sampleSync(graph, { rows }, size);
  gaussian = sampleSync(formula(text), { rows }, size);
});
const drawsOf = (name: string, i = 0) => scalarDraws(fit.draws, variableOf(fit, name).offset + i);

describe('answers of a Student-t model', () => {
  it('has sigma and nu among its draws, nu above 1', () => {
    expect(fit.draws.variables.map(({ name }) => name)).toEqual(['beta', 'tau_g', 'u_g', 'sigma', 'nu']);
    expect(drawsOf('nu').every((nu) => nu > 1)).toBe(true);
    expect(summarize(fit).at(-1)!.variable).toBe('nu');
    expect(sigma(fit).estimate!).toBeLessThan(0.5 * sigma(gaussian).estimate!);
  });

  it('has the log-likelihood of independent t rows at every draw', () => {
    const { values } = logLikelihood(fit);
    for (const s of [0, 700]) {
      for (const i of [0, 5, 47]) {
        const eta = drawsOf('beta', 0)[s]! + drawsOf('beta', 1)[s]! * rows.x[i]! + drawsOf('u_g', i % 6)[s]!;
        const truth = studentT.logLik(rows.y[i]!, rows.w[i]!, eta, drawsOf('sigma')[s]!, drawsOf('nu')[s]!);
        expect(values[s * n + i]).toBeCloseTo(truth, 10);
      }
    }
  });

  it('predicts rows left out better than the normal distribution does where there is an outlier', () => {
    expect(leaveOneOut(fit).elpd.estimate).toBeGreaterThan(leaveOneOut(gaussian).elpd.estimate + 10);
    const compared = compareModels({ student: fit, gaussian });
    expect(compared.models[0]!.model).toBe('student');
    expect(compared.parameters.map(({ parameter }) => parameter)).toEqual([
      'beta[Intercept]',
      'beta[x]',
      'tau_g[Intercept]',
      'sigma',
      'nu',
    ]);
  });

  it('predicts responses with t noise: quantiles of the draws are those of fresh ones', () => {
    const rowsOf = { x: [0.4, 0.4], w: [1, 4], g: ['g1', 'g1'] };
    const one = predict(fit, rowsOf, { kind: 'response', draws: true, level: 0.5 });
    const mean = predict(fit, rowsOf, { kind: 'mean', draws: true });
    const S = 1200;
    const spread = [0, 1].map((i) => {
      const z = Array.from({ length: S }, (_, s) => {
        const e = one.draws![i * S + s]! - mean.draws![i * S + s]!;
        return (e * Math.sqrt(rowsOf.w[i]!)) / drawsOf('sigma')[s]!;
      });
      return z.map(Math.abs).sort((a, b) => a - b)[S / 2]!;
    });
    // The median of |t| lies between 0.67 (normal) and 1 (nu = 1); its standard error is below 0.04.
    for (const value of spread) {
      expect(value).toBeGreaterThan(0.67 - 0.12);
      expect(value).toBeLessThan(1 + 0.12);
    }
    expect(predict(fit, rowsOf, { kind: 'linear' }).rows[0]!['mean']).toBe(mean.rows[0]!['mean']);
    const replicated = simulate(fit, { draws: 50 });
    expect([replicated.n, replicated.draws]).toEqual([n, 50]);
    expect(replicated.responses.every(Number.isFinite)).toBe(true);
  });

  it('gives an outlier next to no weight, and every row the mean of (nu + 1) / (nu + z^2)', () => {
    const information = rowInformation(fit);
    expect(information[5]! / rows.w[5]!).toBeLessThan(0.02);
    let sum = 0;
    for (let s = 0; s < 1200; s += 1) {
      const eta = drawsOf('beta', 0)[s]! + drawsOf('beta', 1)[s]! * rows.x[9]! + drawsOf('u_g', 3)[s]!;
      const z2 = (rows.w[9]! * (rows.y[9]! - eta) ** 2) / drawsOf('sigma')[s]! ** 2;
      sum += (rows.w[9]! * (drawsOf('nu')[s]! + 1)) / (drawsOf('nu')[s]! + z2) / 1200;
    }
    expect(information[9]).toBeCloseTo(sum, 10);
  });

  it('shrinks groups about estimates that the outlier does not move', () => {
    const table = shrinkage(fit, 'g');
    const outlying = table.rows.find(({ level }) => level === 'g5')!;
    const normalOne = shrinkage(gaussian, 'g').rows.find(({ level }) => level === 'g5')!;
    expect(outlying.noPooling).toBeLessThan(8);
    expect(normalOne.noPooling).toBeGreaterThan(9);
    expect(outlying.n).toBe(8);
    for (const row of table.rows) {
      expect(row.shrinkageWeight).toBeGreaterThan(0);
      expect(row.shrinkageWeight).toBeLessThan(1);
    }
  });

  it('has complete pooling at the maximum of the t likelihood: its score is 0 there', () => {
    const nu = 3;
    const beta = completePooling(fit.design, nu)!;
    const squares = rows.y.map((y, i) => rows.w[i]! * (y - beta[0]! - beta[1]! * rows.x[i]!) ** 2);
    // sigma at its own maximum, from its fixed point.
    let variance = 1;
    for (let t = 0; t < 2000; t += 1)
      variance = squares.reduce((sum, s) => sum + ((nu + 1) * s) / (nu + s / variance), 0) / n;
    const score = [0, 0];
    const out = new Float64Array(4);
    rows.y.forEach((y, i) => {
      studentT.derivatives(y, rows.w[i]!, beta[0]! + beta[1]! * rows.x[i]!, Math.sqrt(variance), out, nu);
      score[0]! += out[1]!;
      score[1]! += out[1]! * rows.x[i]!;
    });
    expect(Math.abs(score[0]!) + Math.abs(score[1]!)).toBeLessThan(1e-6);
  });

  it('has an intraclass correlation with the residual variance sigma^2 nu / (nu - 2), 0 where that is infinite', () => {
    let sum = 0;
    for (let s = 0; s < 1200; s += 1) {
      const nu = drawsOf('nu')[s]!;
      const tau2 = drawsOf('tau_g')[s]! ** 2;
      if (nu > 2) sum += tau2 / (tau2 + (drawsOf('sigma')[s]! ** 2 * nu) / (nu - 2)) / 1200;
    }
    expect(icc(fit)[0]!.estimate).toBeCloseTo(sum, 12);
  });

  it('comes back from its file, and is refused by maximum likelihood in one sentence', () => {
    const back = fromJson(toJson(fit));
    expect(back.draws.values).toEqual(fit.draws.values);
    expect(back.priors).toEqual(fit.priors);
    expect(() => maximumLikelihood(graph, { rows })).toThrow(
      'y is studentT, and maximum likelihood is for gaussian responses, successes and counts; sample the model, or fit it as gaussian',
    );
  });

  it('is described: the distribution, the scale, the priors, the kernel', () => {
    const words = describeModel(fit);
    expect(words).toContain('y_i ~ student_t(nu, beta[x] x_i + b_g[j,Intercept], sigma / sqrt(w_i))');
    expect(words).toContain('sigma is the scale, and the sd is sigma sqrt(nu / (nu - 2))');
    expect(words).toMatch(/nu +gamma\(2, 0\.1\) on nu > 1 +default/u);
    expect(words).toContain('1.483 times the median absolute deviation of y');
    expect(words).toContain('scaleMixture updates tau_g, u_g, beta, sigma, nu');
    const known = describeModel(plan(formula('y ~ x', { family: 'student', nu: 4 }), { rows }));
    expect(known).toContain('student_t(4, ');
    expect(known).toContain('4 degrees of freedom, known; sigma is the scale, and the sd is 1.414 sigma');
  });

  it('is drawn from its prior', () => {
    const priors = { beta: normal(0, 1), sigma: halfT(3, 1), tau_g: halfT(3, 1), nu: gamma(2, 0.1) };
    const prior = simulatePrior(formula(text, { family: 'student', priors }), { rows }, { draws: 400, seed: 9 });
    const at = prior.parameters.variables.find(({ name }) => name === 'nu')!.offset;
    const nu = scalarDraws(prior.parameters, at);
    expect(nu.every((value) => value > 1)).toBe(true);
    // Gamma(2, 0.1) has mean 20 and sd 14; what is cut off at 1 is 0.5% of it: 4 standard errors.
    expect(Math.abs(nu.reduce((sum, value) => sum + value, 0) / 400 - 20.1)).toBeLessThan((4 * 14.2) / 20);
  });
});

describe('a Student-t model on the command line', () => {
  const csv = `y,x,w,g\n${each((i) => `${rows.y[i]},${rows.x[i]},${rows.w[i]},${rows.g[i]}`).join('\n')}\n`;
  const short = ['--chains', '2', '--warmup', '100', '--iterations', '150', '--seed', '5'];
  const files = new Map([['d.csv', csv]]);

  it('is fitted with --family student, --nu and a prior of nu; its file is read by the other commands', async () => {
    const fitted = await run(
      [
        'fit',
        text,
        '--data',
        'd.csv',
        '--family',
        'student',
        '--prior',
        'nu ~ exponential(0.05)',
        ...short,
        '--out',
        'fit.json',
        '--json',
      ],
      files,
    );
    expect(fitted.stderr).toBe('');
    const names = (JSON.parse(fitted.stdout) as { summary: { variable: string }[] }).summary.map(
      ({ variable }) => variable,
    );
    expect(names).toContain('nu');
    const written = new Map([...files, ['fit.json', fitted.written.get('fit.json')!]]);
    const read = fromJson(written.get('fit.json')!);
    expect(read.priors.nu).toEqual({ distribution: 'exponential', rate: 0.05 });
    const predicted = await run(['predict', 'fit.json', '--kind', 'response', '--json'], written);
    expect([predicted.status, predicted.stderr]).toEqual([0, '']);
    const known = await run(['describe', 'y ~ x', '--data', 'd.csv', '--family', 'student', '--nu', '4'], files);
    expect(known.stdout).toContain('4 degrees of freedom, known');
  });

  it('refuses a likelihood fit and a wrong --nu in one line', async () => {
    const likelihood = await run(['ml', text, '--data', 'd.csv', '--family', 'student'], files);
    expect(likelihood.status).not.toBe(0);
    expect(likelihood.stderr).toContain('maximum likelihood is for gaussian responses, successes and counts');
    const wrong = await run(['describe', 'y ~ x', '--data', 'd.csv', '--family', 'student', '--nu', '-3'], files);
    expect(wrong.stderr).toContain('nu: got -3; accepted is a positive finite number');
  });
});
