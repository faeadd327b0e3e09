import { cells } from '../design/cells.ts';
import type { Design } from '../design/design.ts';
import { familyOf } from '../families/familyOf.ts';
import { type ArrowMarginalLikelihood, arrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';
import { logitRemainder } from './cellRemainder.ts';
import { type CellTable, cellTable } from './cellTable.ts';
import { workingCoefficientPrior } from './coefficients.ts';
import { gaussianApproximation, type PseudoObservations, startingObservations } from './gaussianApproximation.ts';
import { type MarginalProposal, marginalDensity, marginalProposal } from './marginalProposal.ts';
import { type MarginalTarget, marginalTarget } from './marginalTarget.ts';
import type { Priors } from './priors.ts';
import { climb } from './simplex.ts';
import { type WeightedProducts, weightedProducts } from './weightedProducts.ts';
import { type WhitenedFactor, type WhitenedMap, whitenedMap } from './whitenedPoint.ts';

/** A model of cells with Gaussian pseudo-observations in place of its likelihood, to which the whitened coordinates belong. */
export interface WhitenedModel {
  readonly table: CellTable;
  readonly weighted: WeightedProducts;
  readonly pseudo: PseudoObservations;
  /** A factor with workspaces of its own. */
  allocateFactor(): WhitenedFactor;
  /** Fits the pseudo-observations at phi. */
  centre(phi: Float64Array): void;
  /** The proposal of phi under the pseudo-observations as they are. */
  propose(start: Float64Array): MarginalProposal;
  /** The map under the pseudo-observations as they are; made anew after each `centre`. */
  map(): WhitenedMap;
  /** The first centre: covariances at the mode of the pseudo-model's marginal posterior, pseudo-observations fitted there, in turn. */
  start(): Float64Array;
}

/** Alternations of mode and pseudo-observations. */
const TURNS = 3;

/** sqrt(tau) of each varying column where u has an sd of 0.4 on the scale of the linear predictor. */
function typicalScales({ groupTerms, n }: Design): number[] {
  return groupTerms.flatMap(({ q, Z }) =>
    Array.from({ length: q }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += Z[i * q + k]! * Z[i * q + k]!;
      return Math.sqrt(0.4 / (Math.sqrt(sum / n) || 1));
    }),
  );
}

/** Sets up the pseudo-model of a design (rows or cells) under its priors. */
export function whitenedModel(design: Design, priors: Priors): WhitenedModel {
  const merged = cells(design).design;
  const family = familyOf(merged);
  const table = cellTable(merged);
  const { groupTerms, p } = merged;
  const groups = groupTerms.map(({ J, q }) => ({ J, q }));
  const weighted = weightedProducts(table, groups, p);
  const { products } = weighted;
  const prior = workingCoefficientPrior(products, priors.beta);
  const pseudo = startingObservations(family, table);
  weighted.fill(pseudo.precision, pseudo.side);
  const likelihood = (): ArrowMarginalLikelihood => arrowMarginalLikelihood(products, prior, table.n);
  const targetOf = (of: ArrowMarginalLikelihood): MarginalTarget => marginalTarget(of, groupTerms, priors.groups, null);
  const own = likelihood();
  const target = targetOf(own);

  const centre = (phi: Float64Array): void => {
    target.at(phi);
    gaussianApproximation(family, table, weighted, own, pseudo);
  };

  return {
    table,
    weighted,
    pseudo,
    centre,
    allocateFactor() {
      const each = likelihood();
      const spread = new Float64Array(table.J * table.q * table.q);
      return { likelihood: each, target: targetOf(each), spread, logDensity: 0, logProposal: 0 };
    },
    propose(start) {
      if (target.d > 0) return marginalProposal(target, start);
      return { proposal: { draw() {}, logDensity: () => 0 }, walk: new Float64Array(0), start };
    },
    map: () => whitenedMap(table, products, logitRemainder(table, pseudo)),
    start() {
      const phi = new Float64Array(target.d);
      phi.set(typicalScales(merged));
      if (target.d === 0) centre(phi);
      for (let turn = 0; turn < TURNS && target.d > 0; turn += 1) {
        centre(phi);
        climb(marginalDensity(target), phi, 0.2, 40 * (target.d + 1));
      }
      return phi;
    },
  };
}
