import type { Design } from '../../design/design.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { cells } from '../../products/cells.ts';
import { gather, scatter } from '../../products/crossProducts.ts';
import { holdReference } from '../../products/heldReference.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import { cellTable } from '../cells/cellTable.ts';
import { knownPredictor } from '../cells/knownPredictor.ts';
import { weightedProducts } from '../cells/weightedProducts.ts';
import type { FittedOnce } from '../fittedOnce.ts';
import type { Kernel } from '../kernel.ts';
import { type ArrowMarginalLikelihood, arrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import { covarianceReader } from '../marginal/covarianceReader.ts';
import { covarianceTries, TRIES_STATS, tellTries } from '../marginal/covarianceTries.ts';
import { covarianceWriter } from '../marginal/covarianceWriter.ts';
import type { MarginalProposal } from '../marginal/marginalProposal.ts';
import { marginalTarget } from '../marginal/marginalTarget.ts';
import { followVariances } from '../state/coefficientVariances.ts';
import type { Augment } from './augmentation.ts';

/**
 * Gibbs sampling by data augmentation: the auxiliaries of every cell given (u, beta); the covariances given them, u and
 * beta integrated out by the arrow factor (Metropolis); (u, beta) in one normal draw. Everything is drawn from the
 * state's values; the auxiliaries carry nothing to the next sweep. `fitted` has an independence proposal of the
 * covariances.
 */
export function augmentedKernel(
  name: string,
  why: string,
  design: Design,
  priors: MovingPriors,
  augment: Augment,
  fitted: FittedOnce<{ readonly proposal: MarginalProposal }>,
): Kernel {
  const merged = cells(design).design;
  const { groupTerms, p } = merged;
  const table = cellTable(merged);
  const { n, J, q, start, row, rows, count, values, columns, z, layout } = table;
  const weighted = weightedProducts(
    table,
    groupTerms.map((term) => ({ J: term.J, q: term.q })),
    p,
  );
  const { products } = weighted;
  const { size } = layout;
  // Coefficients are measured from where their priors hold them; from 0 where none is held.
  const reference = new Float64Array(size);
  const held = reference.subarray(size - p);
  holdReference(products.coordinates.beta, priors.beta, held);
  const known = knownPredictor(table, held);
  const prior = workingCoefficientPrior({ ...products, reference }, priors.beta);
  const likelihood: ArrowMarginalLikelihood = arrowMarginalLikelihood(products, prior, n);
  const target = marginalTarget(likelihood, groupTerms, priors.groups, null);
  const tries = covarianceTries(target);
  const { d } = target;
  const writer = covarianceWriter(groupTerms);
  const read = covarianceReader(groupTerms);
  const uNames = groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  const tail = size - layout.pattern.r;
  const x = new Float64Array(size);
  const scaled = new Float64Array(size);
  const predictor = new Float64Array(rows);
  const eta = new Float64Array(n);
  const omega = new Float64Array(n);
  const kappa = new Float64Array(n);
  const phi = new Float64Array(d);

  return {
    name,
    updates: [...writer.names, ...uNames, 'beta'],
    why,
    stats: d > 0 ? TRIES_STATS : [],
    *prepare(made) {
      return d > 0 ? yield* fitted.prepare(made) : null;
    },
    init(state, rng) {
      if (d === 0) return;
      const { proposal } = fitted.get().proposal;
      followVariances(prior, state);
      weighted.fill(table.size, eta);
      proposal.draw(rng, phi);
      likelihood.refresh();
      target.at(phi);
      writer.write(target, state, 1);
    },
    step(state, rng, _phase, info) {
      followVariances(prior, state);
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      gather(products, views, state.at['beta']!, x);
      for (let k = 0; k < p; k += 1) x[size - p + k] = x[size - p + k]! - held[k]!;
      for (let i = 0; i < rows; i += 1) {
        let sum = known[i]!;
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
      for (let i = 0; i < n; i += 1) kappa[i] = kappa[i]! - omega[i]! * known[row[i]!]!;
      weighted.fill(omega, kappa);
      likelihood.refresh();
      read(state, phi);
      const move = tries.run(phi, 1, d > 0 ? fitted.get().proposal : null, rng);
      if (d > 0) tellTries(move, info);
      if (move.independent + move.walks > 0) writer.write(target, state, 1);
      rng.fillNormals(scaled, size);
      for (let k = 0; k < size; k += 1) scaled[k] = likelihood.side[k]! + scaled[k]!;
      backwardSolveArrow(likelihood.arrow, scaled);
      scaleBy(products, likelihood.working, scaled, x);
      for (let k = 0; k < p; k += 1) x[size - p + k] = x[size - p + k]! + held[k]!;
      scatter(products, x, views, state.at['beta']!);
    },
  };
}
