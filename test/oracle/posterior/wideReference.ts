import type { ScalePrior } from '../../../src/priors/priors.ts';
import type { Rng } from '../../../src/random/rng.ts';
import type { CoefficientFrame } from './coefficientFrame.ts';
import type { PosteriorModel } from './posteriorModel.ts';

/** A density that is wide for every sd and every correlation, from which the tempered sampler starts. */
export interface WideReference {
  draw(rng: Rng, theta: Float64Array): void;
  logDensity(theta: Float64Array): number;
}

/** Sd of the log of an sd: from one part in 5 000 to 5 000 times its middle at three sds. */
const WIDTH = 2.5;

/**
 * Logs of sds are normal about the spread of the response; an sd with a uniform prior has that prior; correlation
 * matrices are uniform. In the coordinates themselves, but for a block with uniform priors of sds as written: there
 * on the columns as written, for no wide draw would meet narrow bounds.
 */
export function wideReference(model: PosteriorModel, frame: CoefficientFrame): WideReference {
  const middle = Math.log(spreadOf(model));
  const parts: WideReference[] = [];
  let at = 0;
  frame.blocks.forEach((coordinates, b) => {
    const { q, dim } = coordinates;
    const { prior } = model.blocks[b]!;
    const begin = at;
    at += dim;
    const bounded = prior.kind === 'separation' && prior.tau.some(({ distribution }) => distribution === 'uniform');
    const spots = pairs(q);
    if (!bounded) {
      parts.push({
        draw(rng, theta) {
          for (let k = 0; k < q; k += 1) theta[begin + k] = middle - 0.7 + WIDTH * rng.normal();
          spots.forEach(({ exponent }, i) => {
            theta[begin + q + i] = Math.atanh(partial(rng, exponent));
          });
        },
        logDensity(theta) {
          let sum = 0;
          for (let k = 0; k < q; k += 1) sum -= 0.5 * ((theta[begin + k]! - middle + 0.7) / WIDTH) ** 2;
          spots.forEach(({ exponent }, i) => {
            sum -= 2 * (1 + exponent) * Math.log(Math.cosh(theta[begin + q + i]!));
          });
          return sum;
        },
      });
      return;
    }
    // Logs of the sds of the columns of the coordinates, which have unit spread, are about `middle`; as written they
    // are less by the log of the scale.
    const logScale = Array.from({ length: q }, (_, k) => {
      const probe = new Float64Array(dim);
      return -Math.log(coordinates.written(probe, 0).tau[k]!);
    });
    parts.push({
      draw(rng, theta) {
        const K = spots.map(({ exponent }) => partial(rng, exponent));
        const tau = prior.tau.map((one, k) =>
          Math.exp(
            one.distribution === 'uniform' ? logUniform(one, rng) : middle - 0.7 - logScale[k]! + WIDTH * rng.normal(),
          ),
        );
        coordinates.fromWritten({ tau, corr: correlations(K, q) }, theta, begin);
      },
      logDensity(theta) {
        let sum = coordinates.logJacobian(theta, begin);
        coordinates.written(theta, begin).tau.forEach((value, k) => {
          const one = prior.tau[k]!;
          const logTau = Math.log(value);
          sum +=
            one.distribution === 'uniform'
              ? value >= one.low && value <= one.high
                ? logTau
                : -Infinity
              : -0.5 * ((logTau - middle + 0.7 + logScale[k]!) / WIDTH) ** 2;
        });
        return sum;
      },
    });
  });
  if (model.sigma) parts.push(sigmaReference(model.sigma, middle - 1, at));
  return {
    draw: (rng, theta) => {
      for (const part of parts) part.draw(rng, theta);
    },
    logDensity: (theta) => parts.reduce((sum, part) => sum + part.logDensity(theta), 0),
  };
}

function sigmaReference(prior: ScalePrior, middle: number, at: number): WideReference {
  if (prior.distribution === 'uniform') {
    return {
      draw: (rng, theta) => {
        theta[at] = logUniform(prior, rng);
      },
      logDensity: (theta) => {
        const value = Math.exp(theta[at]!);
        return value >= prior.low && value <= prior.high ? theta[at]! : -Infinity;
      },
    };
  }
  return {
    draw: (rng, theta) => {
      theta[at] = middle + WIDTH * rng.normal();
    },
    logDensity: (theta) => -0.5 * ((theta[at]! - middle) / WIDTH) ** 2,
  };
}

function logUniform({ low, high }: { readonly low: number; readonly high: number }, rng: Rng): number {
  return Math.log(low + (high - low) * rng.uniform());
}

/** The spread of a continuous response, 1 elsewhere. */
export function spreadOf({ family, y, offset }: PosteriorModel): number {
  if (family !== 'gaussian' && family !== 'studentT') return 1;
  const values = y.map((value, i) => value - offset[i]!);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)) || 1;
}

/**
 * Places below the diagonal, row by row, with the power of 1 - r^2 that a partial correlation has where the matrix is
 * uniform (Lewandowski et al. 2009).
 */
function pairs(q: number): { row: number; column: number; exponent: number }[] {
  const out: { row: number; column: number; exponent: number }[] = [];
  for (let row = 0; row < q; row += 1) {
    for (let column = 0; column < row; column += 1) out.push({ row, column, exponent: (q - column - 2) / 2 });
  }
  return out;
}

/** A partial correlation with density proportional to (1 - r^2)^exponent. */
function partial(rng: Rng, exponent: number): number {
  const a = rng.gamma(exponent + 1, 1);
  return (2 * a) / (a + rng.gamma(exponent + 1, 1)) - 1;
}

/** Correlations below the diagonal, row by row, of partial ones. */
function correlations(partials: readonly number[], q: number): number[] {
  const K: number[][] = [];
  const out: number[] = [];
  let next = 0;
  for (let i = 0; i < q; i += 1) {
    const row = new Array<number>(q).fill(0);
    let rest = 1;
    for (let j = 0; j < i; j += 1) {
      const r = partials[next]!;
      next += 1;
      row[j] = r * rest;
      rest *= Math.sqrt(1 - r * r);
    }
    row[i] = rest;
    K.push(row);
    for (let j = 0; j < i; j += 1) out.push(row.reduce((sum, value, k) => sum + value * K[j]![k]!, 0));
  }
  return out;
}
