import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { halfNormal, normal } from '../../../src/graph/priors.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { sample } from '../../../src/run/sample.ts';
import { asReference, compareWith, disagreements, namedChains } from '../../statistical/agreement.ts';
import { type CrossedSpec, crossedRows } from '../crossedRows.ts';

const NORMAL: CrossedSpec = {
  sds: [0.5, 0.8, 0.4],
  intercept: 1,
  response: (eta, rng) => eta + 0.7 * rng.normal(),
};

/** Of some 250 means and sds the largest z, at a level of 1%: 4.1; Monte Carlo errors of both samplers are in it. */
const LIMIT = 4.1;

describe('the kernel of large crossed factors', () => {
  it.each([
    ['two intercepts', 'y ~ x + (1 | a) + (1 | b)'],
    ['a border', 'y ~ x + (1 | a) + (1 | b) + (1 | k)'],
    ['slopes', 'y ~ x + (1 + x | a) + (1 + x || b)'],
  ])('has the posterior of the marginal kernel, 12 x 6: %s', (_, text) => {
    const rows = crossedRows(60, 12, 6, 5, NORMAL);
    const graph = formula(text, { priors: { beta: normal(0, 3), tau_b: halfNormal(1) } });
    const run = (kernels: string, seed: number) =>
      sampleSync(graph, { rows }, { chains: 2, warmup: 200, iterations: 3000, seed, kernels });
    const exact = run('marginal', 41);
    const references = asReference(exact);
    expect(references.length).toBeGreaterThan(30);
    expect(disagreements(compareWith(run('crossed', 42), references), LIMIT)).toEqual([]);
  });

  it('is what auto takes where a factorisation costs more than its sweeps, and says so', () => {
    const rows = crossedRows(4000, 400, 200, 6, NORMAL);
    const { kernels } = plan('y ~ x + (1 | a) + (1 | b)', { rows });
    expect(kernels.map(({ name }) => name)).toEqual(['crossed']);
    expect(kernels[0]!.why).toMatch(
      /^a, b in turn .* keeps 0\.\d\d of itself a sweep, hence (one|\d+) sweeps? a draw$/,
    );
    const few = plan('y ~ x + (1 | a) + (1 | b)', { rows: crossedRows(60, 12, 6, 5, NORMAL) });
    expect(few.kernels.map(({ name }) => name)).not.toContain('crossed');
  });

  it('draws the same whatever the origin and the unit of the response', () => {
    const rows = crossedRows(80, 12, 6, 7, NORMAL);
    const size = { chains: 1, warmup: 20, iterations: 20, seed: 8, kernels: 'crossed' };
    const run = (y: number[]) =>
      namedChains(sampleSync('y ~ x + (1 | a) + (1 | b) + (1 | k)', { rows: { ...rows, y } }, size));
    const plain = run(rows.y);
    const moved = run(rows.y.map((value) => 1000 + 64 * value));
    for (const name of [
      'tau_a[Intercept]',
      'tau_b[Intercept]',
      'tau_k[Intercept]',
      'sigma',
      'u_a[a3,Intercept]',
      'beta[x]',
    ]) {
      for (let t = 0; t < 20; t += 1) {
        const [one, other] = [plain.get(name)![0]![t]!, moved.get(name)![0]![t]! / 64];
        // Rounding of a residual beside 1000, carried through 40 sweeps.
        expect(Math.abs(other - one), `${name} ${t}`).toBeLessThan(1e-7 * (1 + Math.abs(one)));
      }
    }
  });

  it('draws the same bytes in workers', async () => {
    const rows = crossedRows(4000, 400, 200, 6, NORMAL);
    const size = { chains: 2, warmup: 5, iterations: 10, seed: 9, kernels: 'crossed' };
    const text = 'y ~ x + (1 | a) + (1 | b)';
    const here = sampleSync(text, { rows }, size);
    const there = await sample(text, { rows }, { ...size, workers: 2 });
    expect(namedChains(there)).toEqual(namedChains(here));
  });
});
