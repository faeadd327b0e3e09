import { cells } from '../design/cells.ts';
import { gather, scatter } from '../design/crossProducts.ts';
import type { Design } from '../design/design.ts';
import { scaleBy } from '../design/relativePrecision.ts';
import { exp } from '../elementary.ts';
import { backwardSolveArrow } from '../linalg/arrowCholesky.ts';
import { type ArrowMarginalLikelihood, arrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';
import type { Augment } from './augmentation.ts';
import { cellTable } from './cellTable.ts';
import { workingCoefficientPrior } from './coefficients.ts';
import { covarianceReader } from './covarianceReader.ts';
import { covarianceWriter } from './covarianceWriter.ts';
import type { Kernel } from './kernel.ts';
import type { MarginalProposal } from './marginalProposal.ts';
import { marginalTarget } from './marginalTarget.ts';
import type { Priors } from './priors.ts';
import { weightedProducts } from './weightedProducts.ts';

/** Tries for the covariances in a sweep, taken in turn: anew from the proposal, and a walk. */
const TRIES = 4;
/** The walk's steps are those of the marginal posterior; given the auxiliaries it is narrower. */
const WALK_SCALE = 0.6;

/**
 * Gibbs sampling by data augmentation: the auxiliaries of every cell given (u, beta); the covariances given them, u and beta integrated out by the
 * arrow factor (Metropolis); (u, beta) in one normal draw. Everything is drawn from the state's values; the auxiliaries carry nothing to the next sweep.
 * `propose` gives an independence proposal of the covariances.
 */
export function augmentedKernel(
  name: string,
  why: string,
  design: Design,
  priors: Priors,
  augment: Augment,
  propose: () => MarginalProposal,
): Kernel {
  const merged = cells(design).design;
  const { groupTerms, p } = merged;
  const table = cellTable(merged);
  const { n, J, q, start, row, rows, count, values, columns, base, z, layout } = table;
  const weighted = weightedProducts(
    table,
    groupTerms.map((term) => ({ J: term.J, q: term.q })),
    p,
  );
  const { products } = weighted;
  const prior = workingCoefficientPrior(products, priors.beta);
  const likelihood: ArrowMarginalLikelihood = arrowMarginalLikelihood(products, prior, n);
  const target = marginalTarget(likelihood, groupTerms, priors.groups, null);
  const { d, q: folded } = target;
  const writer = covarianceWriter(groupTerms);
  const read = covarianceReader(groupTerms);
  const uNames = groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  const { size } = layout;
  const tail = size - layout.pattern.r;
  const x = new Float64Array(size);
  const scaled = new Float64Array(size);
  const predictor = new Float64Array(rows);
  const eta = new Float64Array(n);
  const omega = new Float64Array(n);
  const kappa = new Float64Array(n);
  const phi = new Float64Array(d);
  const candidate = new Float64Array(d);
  const noise = new Float64Array(d);

  return {
    name,
    updates: [...writer.names, ...uNames, 'beta'],
    why,
    init(state, rng) {
      if (d === 0) return;
      const { proposal } = propose();
      weighted.fill(table.size, eta);
      proposal.draw(rng, phi);
      likelihood.refresh();
      target.at(phi);
      writer.write(target, state, 1);
    },
    step(state, rng) {
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      gather(products, views, state.at['beta']!, x);
      for (let i = 0; i < rows; i += 1) {
        let sum = base[i]!;
        for (let k = i * count; k < (i + 1) * count; k += 1) sum += values[k]! * x[tail + columns[k]!]!;
        predictor[i] = sum;
      }
      for (let j = 0; j < J; j += 1) {
        for (let i = start[j]!; i < start[j + 1]!; i += 1) {
          let sum = predictor[row[i]!]!;
          for (let a = 0; a < q; a += 1) sum += z[i * q + a]! * x[j * q + a]!;
          eta[i] = sum;
        }
      }
      augment(table, eta, omega, kappa, rng);
      for (let i = 0; i < n; i += 1) kappa[i] = kappa[i]! - omega[i]! * base[row[i]!]!;
      weighted.fill(omega, kappa);
      likelihood.refresh();
      read(state, phi);
      if (!target.at(phi)) throw new Error('the precision matrix of the coefficients is not positive definite');
      let moved = false;
      if (d > 0) {
        const { proposal, walk } = propose();
        let density = target.logMarginal();
        let proposed = proposal.logDensity(phi);
        let stale = false;
        for (let t = 0; t < TRIES; t += 1) {
          const walking = t % 2 === 1;
          if (walking) {
            for (let i = 0; i < d; i += 1) noise[i] = WALK_SCALE * rng.normal();
            for (let i = 0; i < d; i += 1) {
              let sum = phi[i]!;
              for (let k = 0; k <= i; k += 1) sum += walk[i * d + k]! * noise[k]!;
              candidate[i] = i < folded ? Math.abs(sum) : sum;
            }
          } else {
            proposal.draw(rng, candidate);
          }
          stale = true;
          if (!target.at(candidate)) continue;
          const value = target.logMarginal();
          const at = proposal.logDensity(candidate);
          const ratio = walking ? value - density : value - at - (density - proposed);
          if (ratio >= 0 || rng.uniform() < exp(ratio)) {
            phi.set(candidate);
            density = value;
            proposed = at;
            moved = true;
            stale = false;
          }
        }
        if (stale) target.at(phi);
      }
      if (moved) writer.write(target, state, 1);
      for (let k = 0; k < size; k += 1) scaled[k] = likelihood.side[k]! + rng.normal();
      backwardSolveArrow(likelihood.arrow, scaled);
      scaleBy(products, likelihood.working, scaled, x);
      scatter(products, x, views, state.at['beta']!);
    },
  };
}
