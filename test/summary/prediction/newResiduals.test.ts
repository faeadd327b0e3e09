import { describe, expect, it } from 'vitest';
import type { FormulaOptions } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { faultOf } from '../../faultOf.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { denseResiduals } from '../../oracle/denseResiduals.ts';

const orthodont = fixtureFrame('orthodont');
const column = (name: string) => Array.from(orthodont.columns.get(name)!.values as ArrayLike<number | string>);
const [ages, subjects, sexes] = [column('age') as number[], column('Subject') as string[], column('Sex') as string[]];
/** Without the last visit of some children, which are then the new rows. */
const kept = ages.flatMap((age, i) => (age === 14 && i % 3 === 0 ? [] : [i]));
const left = ages.flatMap((age, i) => (age === 14 && i % 3 === 0 ? [i] : []));
const rows = (at: readonly number[]) =>
  Object.fromEntries(['distance', 'age', 'Subject', 'Sex'].map((name) => [name, at.map((i) => column(name)[i]!)]));
const fitOf = (text: string, options: FormulaOptions) => maximumLikelihood(text, rows(kept), options);

/** Solves A x = b by elimination. */
function solve(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const M = A.map((row, i) => [...row, b[i]!]);
  for (let k = 0; k < M.length; k++) {
    for (let i = 0; i < M.length; i++) {
      if (i === k) continue;
      const share = M[i]![k]! / M[k]![k]!;
      for (let c = k; c <= M.length; c++) M[i]![c]! -= share * M[k]![c]!;
    }
  }
  return M.map((row, k) => row[M.length]! / row[k]!);
}
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);

/** The best linear unbiased prediction of row i and its standard error, from the dense covariance of all rows. */
function dense(fit: MaximumLikelihoodFit, i: number, law: Parameters<typeof denseResiduals>[0]): [number, number] {
  const all = [...kept, i];
  const values = fit.residual!.parameters;
  const delta = values.find(({ name }) => name.startsWith('delta'))?.estimate ?? 0;
  const time = all.map((row) => (ages[row]! - 8) / 2);
  const sd = all.map((row, k) => {
    const own = fit.residual!.sds[time[k]!]?.estimate ?? fit.sigma!;
    return own * Math.exp(sexes[row] === 'Male' ? delta : 0);
  });
  const residual = denseResiduals(law, { group: all.map((row) => subjects[row]!), time, sd });
  const tau2 = fit.groups[0]?.Sigma[0] ?? 0;
  const V = all.map((one, a) => all.map((other, b) => residual(a, b) + (subjects[one] === subjects[other] ? tau2 : 0)));
  const X = all.map((row) => [1, ages[row]!, sexes[row] === 'Male' ? 1 : 0]);
  const n = kept.length;
  const inner = V.slice(0, n).map((row) => row.slice(0, n));
  const c = V[n]!.slice(0, n);
  const weights = solve(inner, c);
  const beta = Array.from(fit.fixef.estimates);
  const y = kept.map((row) => column('distance')[row] as number);
  const estimate =
    dot(X[n]!, beta) +
    dot(
      weights,
      y.map((value, k) => value - dot(X[k]!, beta)),
    );
  const rest = X[n]!.map(
    (x, k) =>
      x -
      dot(
        weights,
        X.slice(0, n).map((row) => row[k]!),
      ),
  );
  const VX = X[0]!.map((_, k) =>
    solve(
      inner,
      X.slice(0, n).map((row) => row[k]!),
    ),
  );
  const information = X[0]!.map((_, k) =>
    X[0]!.map((_unused, l) =>
      dot(
        VX[l]!,
        X.slice(0, n).map((row) => row[k]!),
      ),
    ),
  );
  const variance = V[n]![n]! - dot(c, weights) + dot(rest, solve(information, rest));
  return [estimate, Math.sqrt(variance)];
}

describe('the next response of a group', () => {
  const text = 'distance ~ age + Sex';
  it.each([
    ['ar1', `${text} + (1 | Subject)`, { residual: 'ar1(age | Subject)', sigma: '~ Sex' }],
    ['cs', text, { residual: 'cs(Subject)', sigma: '~ Sex' }],
    ['toeplitz', text, { residual: 'toeplitz(age | Subject)' }],
    ['unstructured', text, { residual: 'unstructured(age | Subject)' }],
  ] as const)('%s: the best linear unbiased prediction of the dense covariance', (kind, model, options) => {
    const fit = fitOf(model, options);
    const correlations = fit.residual!.parameters.filter(({ name }) => !name.startsWith('delta'));
    const law = { kind, correlations: correlations.map(({ estimate }) => estimate) };
    const { rows: predicted } = predict(fit, rows(left), { kind: 'response' });
    left.slice(0, 3).forEach((row, k) => {
      const [estimate, se] = dense(fit, row, law);
      expect(predicted[k]!.estimate as number).toBeCloseTo(estimate, 7);
      expect(predicted[k]!.se as number).toBeCloseTo(se, 7);
    });
  });

  it('is that of a new group where the group is new, and the mean leaves residuals out', () => {
    const fit = fitOf(text, { residual: 'ar1(age | Subject)' });
    const one = { age: [14], Sex: ['Male'], Subject: ['X1'], distance: [0] };
    const [fresh] = predict(fit, one, { kind: 'response' }).rows;
    const [mean] = predict(fit, one).rows;
    const [known] = predict(fit, rows([left[0]!])).rows;
    expect(fresh!.estimate).toBeCloseTo(mean!.estimate as number, 10);
    expect((fresh!.se as number) ** 2).toBeCloseTo((mean!.se as number) ** 2 + fit.sigma! ** 2, 8);
    expect(known!.estimate).toBeCloseTo(mean!.estimate as number, 10);
  });

  it.each([
    ['ar1(age | Subject)', { age: [13] }, 'is at 13, no whole number of steps of 2 from the rows of its group'],
    ['ar1(age | Subject)', { age: [8] }, 'where the fit has a row of that group already'],
    ['unstructured(age | Subject)', { age: [15] }, 'is at "15", which no row of the fit is'],
    ['toeplitz(age | Subject)', { age: [18] }, 'has no correlation of residuals'],
  ])('%s refuses a row with %j', (residual, own, sentence) => {
    const fit = fitOf(text, { residual });
    const row = { ...rows([left[0]!]), ...own };
    expect(faultOf(() => predict(fit, row, { kind: 'response' })).message).toContain(sentence);
  });

  it('is not asked of the rows of the fit', () => {
    const fit = fitOf(text, { residual: 'cs(Subject)' });
    expect(faultOf(() => predict(fit, undefined, { kind: 'response' })).message).toContain('is of new rows');
  });
});
