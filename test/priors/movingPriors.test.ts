import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { inverseWishart } from '../../src/graph/priors.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { covarianceDensity } from '../../src/priors/covariancePrior.ts';
import { movingBlocks, movingPrior } from '../../src/priors/movingPriors.ts';
import type { BlockPrior } from '../../src/priors/priors.ts';
import { blockStandardisation } from '../../src/products/blockStandardisation.ts';
import { standardisation } from '../../src/products/standardisedDesign.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { comparePosterior } from '../fuzz/posterior/comparePosterior.ts';
import { posteriorModel } from '../oracle/posterior/posteriorModel.ts';
import { posteriorTruth } from '../oracle/posterior/posteriorTruth.ts';
import { uniforms } from '../oracle/randomDesign.ts';

const uniform = uniforms(21);

/**
 * Sds and correlations of a covariance matrix (size x size), with the lower Cholesky factor of the correlations, by the
 * textbook.
 */
function parts(Sigma: readonly (readonly number[])[]): { tau: Float64Array; L: Float64Array } {
  const size = Sigma.length;
  const tau = Float64Array.from(Sigma, (row, k) => Math.sqrt(row[k]!));
  const L = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = Sigma[i]![j]! / (tau[i]! * tau[j]!);
      for (let k = 0; k < j; k++) sum -= L[i * size + k]! * L[j * size + k]!;
      L[i * size + j] = i === j ? Math.sqrt(sum) : sum / L[j * size + j]!;
    }
  }
  return { tau, L };
}

function congruent(T: ArrayLike<number>, Sigma: readonly (readonly number[])[]): number[][] {
  const size = Sigma.length;
  return Sigma.map((_, i) =>
    Sigma.map((_, j) => {
      let sum = 0;
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < size; b++) sum += T[i * size + a]! * Sigma[a]![b]! * T[j * size + b]!;
      }
      return sum;
    }),
  );
}

/** A random covariance matrix. */
function randomCovariance(size: number): number[][] {
  const A = Array.from({ length: size }, () => Array.from({ length: size }, () => uniform() - 0.5));
  return A.map((row, i) => A.map((other, j) => row.reduce((sum, v, k) => sum + v * other[k]!, i === j ? 0.1 : 0)));
}

const n = 30;

function standardisationOf(size: number, shift: number) {
  const Z = new Float64Array(n * size);
  for (let i = 0; i < n; i++) for (let k = 0; k < size; k++) Z[i * size + k] = k === 0 ? 1 : shift + k * uniform();
  const parts = Array.from({ length: size }, (_, k) => (k === 0 ? [] : [{ atom: `x${k}`, label: `x${k}` }]));
  return blockStandardisation({ Z, q: size, parts }, { start: 0, size }, null);
}

const halfT = (scale: number) => ({ distribution: 'halfT', df: 3, scale }) as const;
const matrix = (size: number) =>
  Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 2 + at : 0.3));

const PRIORS: readonly (readonly [string, (size: number) => BlockPrior])[] = [
  [
    'sds and LKJ(1)',
    (size) => ({ kind: 'separation', tau: Array.from({ length: size }, (_, k) => halfT(1 + k)), eta: 1 }),
  ],
  [
    'sds of every kind and LKJ(2.5)',
    (size) => ({
      kind: 'separation',
      tau: (
        [
          { distribution: 'exponential', rate: 0.7 },
          { distribution: 'inverseGamma', shape: 2, scale: 1.5 },
          { distribution: 'halfNormal', scale: 3 },
        ] as const
      ).slice(0, size),
      eta: 2.5,
    }),
  ],
  ['Huang and Wand', (size) => ({ kind: 'halfTCov', df: 2, scale: new Float64Array(size).fill(1.5) })],
  ['inverse Wishart', (size) => ({ kind: 'inverseWishart', df: size + 2, scale: matrix(size) })],
];

describe('the prior of a covariance in the coordinates that chains move in', () => {
  for (const [name, prior] of PRIORS) {
    for (const size of [1, 2, 3]) {
      for (const shift of [0.3, 40]) {
        it(`is that of the covariance on the columns as written: ${name}, ${size} columns about ${shift}`, () => {
          const standardisation = standardisationOf(size, shift);
          const written = covarianceDensity(prior(size), size);
          const moving = covarianceDensity(movingPrior(prior(size), standardisation), size);
          // d Sigma = 2^size prod tau^size d tau d R on both sides, |d Sigma / d Sigma'| constant: differences of log
          // densities of two Sigma' agree.
          const log = (Sigma: number[][]): { written: number; moving: number } => {
            const own = parts(Sigma);
            const user = parts(congruent(standardisation.T, Sigma));
            const jacobian = (tau: Float64Array) => size * tau.reduce((sum, value) => sum + Math.log(value), 0);
            return {
              written: written(user.tau, 0, user.L) - jacobian(user.tau),
              moving: moving(own.tau, 0, own.L) - jacobian(own.tau),
            };
          };
          const first = log(randomCovariance(size));
          for (let trial = 0; trial < 20; trial++) {
            const other = log(randomCovariance(size));
            const truth = other.written - first.written;
            // The textbook's factor squares the condition of T: 1e-16 times (shift / spread)^2 and a margin of a
            // thousand.
            expect(Math.abs(other.moving - first.moving - truth)).toBeLessThan(1e-9 * (1 + Math.abs(truth)));
          }
        });
      }
    }
  }

  it('about the means only changes the units of the sds', () => {
    const standardisation = standardisationOf(2, 7);
    const about = { kind: 'separation', tau: [halfT(2), halfT(3)], eta: 1, about: standardisation.C } as const;
    expect(movingPrior(about, standardisation)).toEqual({
      kind: 'separation',
      tau: [halfT(2), halfT(3 * standardisation.unit[1]!)],
      eta: 1,
    });
  });
});

describe('an inverse Wishart far from the origin', () => {
  const rowsAt = (shift: number) => {
    const groups = Array.from({ length: 24 }, (_, i) => Math.floor(i / 4));
    return {
      y: groups.map((j, i) => 30 * Math.sin(5 * j + 1) + 3 * Math.sin(7 * j + 11 * i * i)),
      x: groups.map((j, i) => shift + 1.4 * Math.sin(7 * j + 3 * i * i + 1)),
      g: groups.map((j) => `g${j}`),
    };
  };
  const planAt = (shift: number, scale: readonly [number, number]) => {
    const Sigma_g = inverseWishart(3, [
      [scale[0], 0],
      [0, scale[1]],
    ]);
    const graph = formula('y ~ x + (1 + x | g)', { priors: { Sigma_g } });
    return { graph, rows: rowsAt(shift), planned: plan(graph, { rows: rowsAt(shift) }) };
  };

  it.each([
    [1000, 1, 1e9, true],
    [3000, 1, 1e8, true],
    [3000, 1e-4, 1e5, true],
    [1000, 1, 1, false],
    [1000, 100, 1e6, false],
    [3000, 1e6, 1e9, false],
  ] as const)(
    'is taken there where it is singular about the means: shift %d, scale %d and %d: %s',
    (shift, first, second, kept) => {
      const { planned } = planAt(shift, [first, second]);
      const [block] = movingBlocks(standardisation(planned.design), planned.priors)[0]!;
      expect(block!.atOrigin).toBe(kept);
    },
  );

  it('has the posterior of particles in the columns as written', () => {
    const { graph, rows, planned } = planAt(1000, [1, 1e9]);
    const fit = sampleSync(graph, { rows }, { seed: 1, chains: 2, warmup: 50, iterations: 500 });
    const model = posteriorModel(planned);
    const truth = posteriorTruth(model, { method: 'written', particles: 150 });
    // The dense matrix of the height has no digits left where sds at the means are 1e7 times sigma.
    expect(comparePosterior(fit, model, truth).filter(({ variable }) => variable !== 'height')).toEqual([]);
    const tau = summarize(fit, { variables: ['tau_g'] });
    expect(tau.every(({ rhat }) => rhat < 1.02)).toBe(true);
  });
});
