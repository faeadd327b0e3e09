import { describe, expect, it } from 'vitest';
import { halfNormal } from '../../../src/graph/priors.ts';
import { occasionRegressions } from '../../../src/kernels/structured/occasionRegressions.ts';
import { occasionStep } from '../../../src/kernels/structured/occasionStep.ts';
import type { ScalePrior } from '../../../src/priors/priors.ts';
import { createRng } from '../../../src/random/rng.ts';

const T = 4;
const PAIRS = (T * (T - 1)) / 2;

/** Means of sd_t^2, rho_ab^2 and rho_ab over sweeps of all regressions, and their Monte Carlo errors by batches. */
function means(eta: number, n: number, G: readonly Float64Array[], typical: Float64Array, sweeps: number) {
  const rng = createRng([21, n]);
  const regressions = occasionRegressions(Int32Array.from([2, 0, 3, 1]));
  const row = occasionStep(regressions, eta, halfNormal(1) as ScalePrior);
  const sds = new Float64Array(T).fill(1);
  const rho = new Float64Array(PAIRS);
  regressions.take(sds, rho);
  const batches = 40;
  const sums = Array.from({ length: batches }, () => new Float64Array(T + 2 * PAIRS));
  let accepted = 0;
  for (let s = 0; s < sweeps; s += 1) {
    for (let t = 0; t < T; t += 1) if (row.step(t, n, G[t]!, typical, rng)) accepted += 1 / (sweeps * T);
    regressions.give(sds, rho);
    const sum = sums[Math.floor((s * batches) / sweeps)]!;
    const share = batches / sweeps;
    sds.forEach((sd, t) => {
      sum[t]! += sd * sd * share;
    });
    rho.forEach((r, k) => {
      sum[T + k]! += r * r * share;
      sum[T + PAIRS + k]! += r * share;
    });
  }
  const mean = Array.from(sums[0]!, (_, k) => sums.reduce((all, batch) => all + batch[k]!, 0) / batches);
  const error = mean.map((m, k) =>
    Math.sqrt(sums.reduce((all, batch) => all + (batch[k]! - m) ** 2, 0) / (batches * (batches - 1))),
  );
  return { mean, error, accepted };
}

describe('regressions of occasions on those before them', () => {
  it.each([1, 2.5])('leave the prior as it is without rows: sds half-normal, correlations lkj(%s)', (eta) => {
    const G = Array.from({ length: T }, (_, t) => new Float64Array((t + 1) ** 2));
    const { mean, error } = means(eta, 0, G, new Float64Array(T).fill(1), 5000);
    // rho of lkj(eta) is a beta variable on (-1, 1) with both parameters eta - 1 + T / 2.
    const expected = [
      ...new Array(T).fill(1),
      ...new Array(PAIRS).fill(1 / (2 * eta + T - 1)),
      ...new Array(PAIRS).fill(0),
    ];
    expected.forEach((value, k) => {
      expect(Math.abs(mean[k]! - value)).toBeLessThan(4.5 * error[k]!);
    });
  });

  it('meets importance sampling from the prior, with few groups', () => {
    const n = 5;
    const rng = createRng([5]);
    const rows = Array.from({ length: n }, () => {
      const u = rng.normal();
      return Array.from({ length: T }, () => 0.7 * (u + rng.normal()));
    });
    const G = Array.from({ length: T }, (_, t) => {
      const m = t + 1;
      return Float64Array.from({ length: m * m }, (_unused, k) =>
        rows.reduce((sum, row) => sum + row[Math.floor(k / m)]! * row[k % m]!, 0),
      );
    });
    const typical = Float64Array.from(G, (own, t) => own[(t + 1) ** 2 - 1]! / n);
    const { mean, error, accepted } = means(1, n, G, typical, 3000);
    const { expected, spread } = byImportance(rows, 25_000);
    expected.forEach((value, k) => {
      expect(Math.abs(mean[k]! - value)).toBeLessThan(4.5 * Math.hypot(error[k]!, spread[k]!));
    });
    expect(accepted).toBeGreaterThan(0.5);
  });
});

/** The same means by weighted draws of the prior: sds half-normal, correlations by the onion of lkj(1). */
function byImportance(rows: readonly (readonly number[])[], draws: number) {
  const rng = createRng([6]);
  const place = [2, 0, 3, 1];
  const logs: number[] = [];
  const values: number[][] = [];
  for (let d = 0; d < draws; d += 1) {
    const sds = Array.from({ length: T }, () => Math.abs(rng.normal()));
    // Row t of the factor: p(L_tt) ~ L_tt^(T - t), t = 1 .. T, times a direction before it.
    const L = Array.from({ length: T }, (_, t) => {
      const row = new Array<number>(T).fill(0);
      if (t === 0) {
        row[0] = 1;
        return row;
      }
      const direction = Array.from({ length: t }, () => rng.normal());
      const length = Math.hypot(...direction);
      // 1 - L_tt^2 ~ Beta(t / 2, (T - t + 1) / 2), t from 0.
      const a = rng.gamma(t / 2, 1);
      const share = a / (a + rng.gamma((T - t + 1) / 2, 1));
      direction.forEach((z, k) => {
        row[k] = (Math.sqrt(share) * z) / length;
      });
      row[t] = Math.sqrt(1 - share);
      return row;
    });
    // Rows stand in the order of `place`: occasion i at place[i].
    let log = 0;
    for (const row of rows) {
      const z: number[] = [];
      for (let t = 0; t < T; t += 1) {
        let left = row[t]! / sds[t]!;
        for (let k = 0; k < t; k += 1) left -= L[t]![k]! * z[k]!;
        z.push(left / L[t]![t]!);
        log -= Math.log(sds[t]! * L[t]![t]!) + 0.5 * z[t]! * z[t]!;
      }
    }
    logs.push(log);
    const R = (a: number, b: number): number => L[a]!.reduce((sum, entry, k) => sum + entry * L[b]![k]!, 0);
    const rho: number[] = [];
    for (let a = 0; a < T; a += 1) for (let b = a + 1; b < T; b += 1) rho.push(R(place[a]!, place[b]!));
    values.push([...place.map((at) => sds[at]! ** 2), ...rho.map((r) => r * r), ...rho]);
  }
  const top = logs.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY);
  const weights = logs.map((each) => Math.exp(each - top));
  const sum = weights.reduce((all, w) => all + w, 0);
  const expected = values[0]!.map((_, k) => values.reduce((all, each, d) => all + weights[d]! * each[k]!, 0) / sum);
  const spread = expected.map(
    (mean, k) => Math.sqrt(values.reduce((all, each, d) => all + (weights[d]! * (each[k]! - mean)) ** 2, 0)) / sum,
  );
  return { expected, spread };
}
