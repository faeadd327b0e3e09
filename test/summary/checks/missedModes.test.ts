import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { halfNormal, halfT, halfTCov, inverseGamma } from '../../../src/graph/priors.ts';
import type { Fit } from '../../../src/mcmc/fit.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';

const codes = (fit: Fit): string[] => check(fit).findings.map(({ code }) => code);

describe('modes of the posterior that no chain visited', () => {
  // half_t(3, 140.8) at year 0 is the default that this model once had: two modes, P(tau[year] > 1) = .060 by
  // quadrature.
  const scale = halfT(3, 140.8);
  const priors = { 'tau_Subject[Intercept]': scale, 'tau_Subject[year]': scale };
  const data = { rows: fixtureFrame('sleep_year') };
  const model = formula('Reaction ~ year + (year | Subject)', { priors });

  it('are a problem that names the place, where Gibbs stays on one side', () => {
    const fit = sampleSync(model, data, { seed: 2, kernels: 'gibbs' });
    const found = check(fit);
    const missed = found.findings.find(({ code }) => code === 'missedMode')!;
    expect(found.ok).toBe(false);
    expect(missed.severity).toBe('problem');
    expect(missed.message).toMatch(/^no chain visited a mode of the posterior at tau_Subject\[Intercept\] = \d+/);
    // The mode has 6% of the mass, and about the height of the best draws where those are: its sds are told of better.
    expect(Math.abs(missed.value - missed.threshold)).toBeLessThan(1);
  });

  it('are none where the chains visit both', () => {
    expect(codes(sampleSync(model, data, { seed: 2, warmup: 200 }))).not.toContain('missedMode');
  });

  it('are found where two have one height: draws of two copies of a factor, all swapped to one side', () => {
    const g = Array.from({ length: 40 }, (_, i) => `g${i % 8}`);
    const y = g.map((_, i) => Math.sin(i * 1.7) + 5 * Math.sin((i % 8) * 2.1));
    const narrow = inverseGamma(2, 0.02);
    const copies = formula('y ~ 1 + (1 | g) + (1 | h)', { priors: { tau_g: narrow, tau_h: narrow } });
    const fit = sampleSync(copies, { rows: { y, g, h: g } }, { seed: 1, warmup: 200 });
    expect(codes(fit)).not.toContain('missedMode');
    const { draws } = fit;
    const values = draws.values.slice();
    const count = draws.chains * draws.iterations;
    const at = (name: string): number => draws.variables.find((variable) => variable.name === name)!.offset;
    for (let s = 0; s < count; s++) {
      if (values[at('tau_g') * count + s]! > values[at('tau_h') * count + s]!) continue;
      for (const [a, b, size] of [
        ['tau_g', 'tau_h', 1],
        ['u_g', 'u_h', 8],
      ] as const) {
        for (let k = 0; k < size; k++) {
          const [i, j] = [(at(a) + k) * count + s, (at(b) + k) * count + s];
          [values[i], values[j]] = [values[j]!, values[i]!];
        }
      }
    }
    // A fit that does not come from the kernel that searches before it samples is searched everywhere.
    const kernels = fit.sampling.kernels.map((kernel) => ({ ...kernel, name: 'coefficients' }));
    const oneSided = { ...fit, draws: { ...draws, values }, sampling: { ...fit.sampling, kernels } };
    expect(codes(oneSided)).toContain('missedMode');
  });

  it.each([
    ['sleepstudy', 'Reaction ~ Days + (Days | Subject)'],
    ['pastes', 'strength ~ 1 + (1 | batch/cask)'],
    ['dyestuff2', 'Yield ~ 1 + (1 | Batch)'],
    ['penicillin', 'diameter ~ 1 + (1 | plate) + (1 | sample)'],
  ])('are none in %s, nor does its posterior exclude REML', (name, text) => {
    for (const kernels of ['auto', 'gibbs']) {
      const found = codes(sampleSync(formula(text), { rows: fixtureFrame(name) }, { seed: 3, kernels, warmup: 200 }));
      expect(found).not.toContain('missedMode');
      expect(found).not.toContain('excludesEstimate');
    }
  });
});

describe('a likelihood estimate that the posterior excludes', () => {
  it('is a note, where a prior argues with the data', () => {
    const priors = { tau_Subject: halfT(100, 0.5) };
    const fit = sampleSync(formula('Reaction ~ Days + (1 | Subject)', { priors }), {
      rows: fixtureFrame('sleepstudy'),
    });
    const { ok, findings } = check(fit);
    const note = findings.find(({ code }) => code === 'excludesEstimate')!;
    expect(ok).toBe(true);
    expect(note.severity).toBe('note');
    expect(note.message).toMatch(
      /^the REML estimate of tau_Subject\[Intercept\] is 37\.12, and the posterior has it at /,
    );
  });

  it('are none where a prior has the draws far below what the rows call typical, and the likelihood not', () => {
    const rng = createRng([75]);
    const rows = { y: [] as number[], g: [] as string[], x: [] as number[] };
    for (let j = 0; j < 12; j += 1) {
      const slope = 3 * rng.normal();
      for (let t = 0; t < 4; t += 1) {
        const z = rng.normal();
        rows.g.push(`g${j}`);
        rows.x.push(100 + 0.1 * z);
        rows.y.push(slope * z + rng.normal());
      }
    }
    const priors = { Sigma_g: halfTCov(3, [2, 0.05]), sigma: halfNormal(15) };
    const fit = sampleSync(
      formula('y ~ x + (1 + x | g)', { priors }),
      { rows },
      { seed: 1, chains: 2, warmup: 200, iterations: 400 },
    );
    expect(codes(fit)).not.toContain('missedMode');
  });
});
