import { buildDesign } from '../../src/design/buildDesign.ts';
import { crossProducts } from '../../src/design/crossProducts.ts';
import type { Design } from '../../src/design/design.ts';
import { groupQr } from '../../src/design/groupQr.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { arrowMarginalLikelihood } from '../../src/kernels/arrowMarginalLikelihood.ts';
import { coefficientsKernel, workingCoefficientPrior } from '../../src/kernels/coefficients.ts';
import { chooseKernels } from '../../src/kernels/conjugacy.ts';
import { correlationPairs } from '../../src/kernels/correlationPairs.ts';
import { fitMixture } from '../../src/kernels/fitMixture.ts';
import { groupCoefficientsKernel } from '../../src/kernels/groupCoefficients.ts';
import type { Kernel, State } from '../../src/kernels/kernel.ts';
import { marginalCovarianceKernel } from '../../src/kernels/marginalCovariance.ts';
import { marginalLikelihood } from '../../src/kernels/marginalLikelihood.ts';
import type { MarginalProposal } from '../../src/kernels/marginalProposal.ts';
import type { MarginalTarget } from '../../src/kernels/marginalTarget.ts';
import { mixtureProposal } from '../../src/kernels/mixture.ts';
import { partialsFromCholesky } from '../../src/kernels/partialCorrelations.ts';
import type { Priors } from '../../src/kernels/priors.ts';
import { cholesky } from '../../src/linalg/cholesky.ts';
import { emptyState, layout } from '../../src/mcmc/layout.ts';
import { resolvePriors } from '../../src/mcmc/resolvePriors.ts';
import { createRng, type Rng } from '../../src/random/rng.ts';
import { drawBlock, drawCoefficients, drawScale } from '../../src/summary/priorDraw.ts';

/** A Gaussian model with proper priors on a small design of its own. */
export interface GaussianCase {
  readonly name: string;
  readonly formula: string;
  readonly priors: FormulaOptions['priors'];
  readonly level2?: FormulaOptions['level2'];
  /** Columns but the response `y`. */
  readonly rows: Readonly<Record<string, readonly (number | string)[]>>;
}

/** A case brought together with its design: it draws parameters from the prior, data given parameters, and makes kernels for data. */
export interface Simulator {
  readonly design: Design;
  readonly priors: Priors;
  readonly state: State;
  /** Parameters from the prior, to the state. */
  drawParameters(rng: Rng): void;
  /** A response given the state, to `y`. */
  drawResponse(rng: Rng, y: Float64Array): void;
  /** The design with another response. */
  withResponse(y: Float64Array): Design;
  /** log p(y | state). */
  logLikelihood(y: Float64Array): number;
  /** The kernels of a rule for data y, initialised so that they go on from the state. */
  kernels(rule: 'gibbs' | 'marginal', y: Float64Array, rng: Rng): readonly Kernel[];
}

export function simulator(given: GaussianCase): Simulator {
  const n = Object.values(given.rows)[0]!.length;
  // The response sets no prior here; this one only gives the design its shape.
  const rows = { ...given.rows, y: Array.from({ length: n }, (_, i) => i % 3) };
  const graph = formula(given.formula, { priors: given.priors, level2: given.level2 });
  const design = buildDesign(graph, { rows });
  const priors = resolvePriors(design);
  const { p, X, response, groupTerms } = design;
  const state = emptyState(layout(design));
  const labels = design.columns.map(({ label }) => label);
  const beta = state.at['beta']!;
  const eta = new Float64Array(n);
  const factors = groupTerms.map((term) => correlations(state, term));

  const drawParameters = (rng: Rng): void => {
    drawCoefficients(priors.beta, labels, rng, beta);
    groupTerms.forEach(({ factor, q, J, blocks }, f) => {
      const tau = state.at[`tau_${factor}`]!;
      const u = state.at[`u_${factor}`]!;
      const { R, L, write } = factors[f]!;
      blocks.forEach(({ start, size }, b) => {
        const names = Array.from({ length: size }, (_, k) => `tau ${k}`);
        drawBlock(priors.groups[f]![b]!, names, rng, tau.subarray(start, start + size), R[b]!);
        L[b]!.set(R[b]!);
        if (!cholesky(L[b]!, size)) throw new Error('a correlation matrix from the prior is not positive definite');
        const e = new Float64Array(size);
        for (let j = 0; j < J; j += 1) {
          for (let k = 0; k < size; k += 1) e[k] = rng.normal();
          for (let k = 0; k < size; k += 1) {
            let sum = 0;
            for (let l = 0; l <= k; l += 1) sum += L[b]![k * size + l]! * e[l]!;
            u[j * q + start + k] = tau[start + k]! * sum;
          }
        }
      });
      write();
    });
    if (priors.sigma) state.at['sigma']![0] = drawScale(priors.sigma, 'sigma', rng);
  };

  const predict = (): void => {
    for (let i = 0; i < n; i += 1) {
      let sum = response.offset?.[i] ?? 0;
      for (let k = 0; k < p; k += 1) sum += X[i * p + k]! * beta[k]!;
      for (const { factor, q, Z, index } of groupTerms) {
        const u = state.at[`u_${factor}`]!;
        for (let k = 0; k < q; k += 1) sum += Z[i * q + k]! * u[index[i]! * q + k]!;
      }
      eta[i] = sum;
    }
  };
  const sd = (i: number): number =>
    response.standardErrors
      ? response.standardErrors[i]!
      : state.at['sigma']![0]! / Math.sqrt(response.weights?.[i] ?? 1);
  const withResponse = (y: Float64Array): Design => ({ ...design, response: { ...response, y: y.slice() } });
  const propose = proposalFromPrior(groupTerms, state, factors, drawParameters);

  return {
    design,
    priors,
    state,
    drawParameters,
    withResponse,
    drawResponse(rng, y) {
      predict();
      for (let i = 0; i < n; i += 1) y[i] = eta[i]! + sd(i) * rng.normal();
    },
    logLikelihood(y) {
      predict();
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum -= Math.log(sd(i)) + 0.5 * ((y[i]! - eta[i]!) / sd(i)) ** 2;
      return sum;
    },
    kernels(rule, y, rng) {
      const own = withResponse(y);
      const products = crossProducts(own);
      if (rule === 'gibbs') {
        const kernels = chooseKernels({ design: own, products, priors }, 'gibbs');
        for (const kernel of kernels) kernel.init(state, rng);
        return kernels;
      }
      const prior = workingCoefficientPrior(products, priors.beta);
      const one = groupTerms.length === 1;
      const qr = one ? groupQr(own, groupTerms[0]!, products) : null;
      const grouped = qr ? marginalLikelihood(qr, prior, n) : null;
      const likelihood = grouped ?? arrowMarginalLikelihood(products, prior, n);
      let target: MarginalTarget | undefined;
      const typical = new Float64Array(groupTerms.reduce((sum, { q }) => sum + q, 0)).fill(0.7);
      const capture = (built: MarginalTarget): MarginalProposal => {
        target = built;
        built.calibrate(propose.start);
        return propose;
      };
      const first = marginalCovarianceKernel(groupTerms, likelihood, typical, priors.groups, priors.sigma, capture);
      const second =
        qr && grouped
          ? groupCoefficientsKernel(groupTerms[0]!, qr, products, grouped)
          : coefficientsKernel(own, products, prior, false);
      const here = state.position.slice();
      first.init(state, rng);
      state.position.set(here);
      // The kernel keeps its place in coordinates of its own, with the weight of the place under these data.
      const latent = state.latent['marginal']!;
      const { d } = target!;
      writePhi(groupTerms, state, factors, latent);
      const phi = latent.slice(0, d);
      const sigma = priors.sigma ? state.at['sigma']![0]! : 1;
      target!.at(phi);
      latent[d] = sigma;
      latent[d + 1] = target!.logWeight(sigma);
      latent[d + 2] = propose.proposal.logDensity(phi);
      second.init(state, rng);
      return [first, second];
    },
  };
}

type Correlations = ReturnType<typeof correlations>;

/** The correlation matrix R and its Cholesky factor L of each block of a term; `write` puts R into the state, `read` takes it from there. */
function correlations(state: State, { factor, blocks }: Design['groupTerms'][number]) {
  const R = blocks.map(({ size }) => new Float64Array(size * size));
  const L = blocks.map(({ size }) => new Float64Array(size * size));
  const corr = state.at[`corr_${factor}`] ?? new Float64Array(0);
  const pairs = correlationPairs(blocks);
  const write = (): void => {
    pairs.forEach(({ block, row, column }, i) => {
      corr[i] = R[block]![row * blocks[block]!.size + column]!;
    });
  };
  const read = (): void => {
    blocks.forEach(({ size }, b) => {
      for (let k = 0; k < size; k += 1) L[b]![k * size + k] = 1;
    });
    pairs.forEach(({ block, row, column }, i) => {
      const { size } = blocks[block]!;
      L[block]![row * size + column] = corr[i]!;
      L[block]![column * size + row] = corr[i]!;
    });
    blocks.forEach(({ size }, b) => {
      if (!cholesky(L[b]!, size)) throw new Error('a correlation matrix of the state is not positive definite');
    });
  };
  return { R, L, write, read };
}

/** The state's covariances as the marginal kernel has them: sqrt(tau / sigma) of every factor, then atanh of the partial correlations. */
function writePhi(
  terms: Design['groupTerms'],
  state: State,
  factors: readonly Correlations[],
  out: Float64Array,
): void {
  const sigma = state.at['sigma']?.[0] ?? 1;
  let at = 0;
  for (const { factor } of terms) for (const tau of state.at[`tau_${factor}`]!) out[at++] = Math.sqrt(tau / sigma);
  terms.forEach(({ blocks }, f) => {
    factors[f]!.read();
    blocks.forEach(({ size }, b) => {
      partialsFromCholesky(factors[f]!.L[b]!, size, out, at);
      at += (size * (size - 1)) / 2;
    });
  });
}

/** An independence proposal for every data set at once: a mixture of t fitted to the prior, which is what the posteriors are on average. */
function proposalFromPrior(
  terms: Design['groupTerms'],
  state: State,
  factors: readonly Correlations[],
  drawParameters: (rng: Rng) => void,
): MarginalProposal {
  const q = terms.reduce((sum, term) => sum + term.q, 0);
  const d = terms.reduce((sum, { blocks }) => sum + blocks.reduce((s, { size }) => s + (size * (size + 1)) / 2, 0), 0);
  const rng = createRng([20260101, 77]);
  const N = 1500;
  const points = new Float64Array(N * d);
  const mean = new Float64Array(d);
  for (let i = 0; i < N; i += 1) {
    drawParameters(rng);
    writePhi(terms, state, factors, points.subarray(i * d, (i + 1) * d));
    for (let k = 0; k < d; k += 1) mean[k] = mean[k]! + points[i * d + k]! / N;
  }
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < N; i += 1) {
    for (let a = 0; a < d; a += 1) {
      for (let b = 0; b < d; b += 1) {
        const product = (points[i * d + a]! - mean[a]!) * (points[i * d + b]! - mean[b]!);
        covariance[a * d + b] = covariance[a * d + b]! + product / N;
      }
    }
  }
  const mixture = fitMixture(points, new Float64Array(N).fill(1 / N), d, q, [3, 500, 1000], covariance);
  const walk = covariance.map((value) => 0.1 * value);
  if (!cholesky(walk, d)) throw new Error('the prior of phi has no covariance');
  return { proposal: mixtureProposal(mixture), walk, start: mean };
}
