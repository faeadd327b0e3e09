import { describe, expect, it } from 'vitest';
import { DiagnosticsError } from '../../diagnostics/diagnosticsError.ts';
import { stackingWeights } from '../../diagnostics/stackingWeights.ts';

const model = (elpd: readonly number[]) => ({ pointwise: { elpd } });

/** The mean log score of a mixture. */
function score(models: readonly (readonly number[])[], weights: readonly number[]): number {
  const n = models[0]!.length;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += Math.log(models.reduce((total, elpd, k) => total + weights[k]! * Math.exp(elpd[i]!), 0));
  }
  return sum / n;
}

describe('stackingWeights', () => {
  it('has the closed form of two models that are right in turn', () => {
    // d/dw of m log(w a + (1 - w) b) + (n - m) log(w b + (1 - w) a) is 0 at w = (m a - (n - m) b) / (n (a - b)).
    const [a, b, n, m] = [0.8, 0.2, 10, 6];
    const right = Array.from({ length: n }, (_, i) => Math.log(i < m ? a : b));
    const wrong = Array.from({ length: n }, (_, i) => Math.log(i < m ? b : a));
    const { one, two } = stackingWeights({ one: model(right), two: model(wrong) });
    expect(one).toBeCloseTo((m * a - (n - m) * b) / (n * (a - b)), 6);
    expect(one! + two!).toBeCloseTo(1, 12);
  });

  it('is no worse than any point of a grid over the simplex', () => {
    const models = [0, 1, 2].map((k) =>
      Array.from({ length: 30 }, (_, i) => -1 - Math.abs(Math.sin(7 * i + 2 * k)) * (k + 1)),
    );
    const found = stackingWeights({ a: model(models[0]!), b: model(models[1]!), c: model(models[2]!) });
    const best = score(models, Object.values(found));
    for (let i = 0; i <= 40; i++) {
      for (let j = 0; i + j <= 40; j++) {
        expect(score(models, [i / 40, j / 40, 1 - (i + j) / 40])).toBeLessThan(best + 1e-11);
      }
    }
  });

  it('leaves nothing to a model that is worse everywhere, and halves equal ones', () => {
    const better = [-1, -2, -1.5];
    const worse = stackingWeights({ a: model(better), b: model(better.map((value) => value - 1)) });
    expect(worse['b']).toBeLessThan(1e-9);
    expect(stackingWeights({ a: model(better), b: model(better) })).toEqual({ a: 0.5, b: 0.5 });
    expect(stackingWeights({ a: model([-1000, -1001]) })).toEqual({ a: 1 });
  });

  it('refuses none, and models of other observations', () => {
    expect(() => stackingWeights({})).toThrow(DiagnosticsError);
    expect(() => stackingWeights({ a: model([1]), b: model([1, 2]) })).toThrow(
      'model "b" has 2 observations and model "a" has 1; weigh models of the same observations',
    );
  });
});
