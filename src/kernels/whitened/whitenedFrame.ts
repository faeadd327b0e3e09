import type { Design } from '../../design/design.ts';
import { log } from '../../elementary.ts';
import type { Family } from '../../families/family.ts';
import { familyOf } from '../../families/familyOf.ts';
import { knownParameter } from '../../families/ownParameter.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { withThresholds } from '../../priors/thresholdPrior.ts';
import { type WorkingCoefficientPrior, workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { cells } from '../../products/cells.ts';
import { rowCopies } from '../../products/rowCopies.ts';
import { rowSizes } from '../../products/rowSizes.ts';
import { withSparseBorder } from '../../products/sparseBorder.ts';
import { thresholdRows } from '../../products/thresholdRows.ts';
import { cellLogLik } from '../cells/cellLogLik.ts';
import { type CellTable, cellTable } from '../cells/cellTable.ts';
import { type WeightedProducts, weightedProducts } from '../cells/weightedProducts.ts';
import { arrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import { type MarginalTarget, marginalTarget } from '../marginal/marginalTarget.ts';
import { type Branches, branches } from './branches.ts';
import { interpolatedProducts, type Knot } from './interpolatedProducts.ts';
import { logOwnPrior, type OwnAxis, ownAt } from './ownAxis.ts';
import { type WhitenedFactor, type WhitenedMap, whitenedMap } from './whitenedMap.ts';

/** What a design and its priors make of a model before anything is fitted. */
export interface ModelFrame {
  /** The cells; of ordered answers their parts (`thresholdRows`). */
  readonly merged: Design;
  /** Where the thresholds of ordered answers, the first of beta, are counted from; empty in other families. */
  readonly start: Float64Array;
  readonly priors: MovingPriors;
  readonly family: Family;
  readonly table: CellTable;
  readonly weighted: WeightedProducts;
  readonly prior: WorkingCoefficientPrior;
  readonly map: WhitenedMap;
  /** The levels of a sparse border that are independent of each other. */
  readonly tree: Branches;
  /** The mean square of each varying column. */
  readonly squares: readonly number[];
  /**
   * Log of the variance that the group levels add to the linear predictor; of some sds alone where `moving` says which.
   */
  size(phi: Float64Array, moving?: readonly boolean[]): number;
  /** The family's own parameter where it is known; undefined where it is estimated, and in families without. */
  readonly known: number | undefined;
  /**
   * A factor over knots that lie along the size of those sds, the family's own parameter being held at a number (the
   * known one unless given) or the last coordinate of phi.
   */
  factorOver(knots: readonly Knot[], moving?: readonly boolean[], own?: OwnAxis | number | null): WhitenedFactor;
}

export function modelFrame(design: Design, priors: MovingPriors): ModelFrame {
  const { design: merged, start } = thresholdRows(cells(design).design);
  const family = familyOf(merged);
  const { groupTerms, p } = merged;
  const groups = groupTerms.map(({ J, q }) => ({ J, q }));
  const table = sparseTable(cellTable(merged), groups, p);
  const weighted = weightedProducts(table, groups, p);
  const prior = workingCoefficientPrior(weighted.products, withThresholds(priors.beta, priors.threshold, start));
  const squares = meanSquares(merged);
  const q = squares.length;
  const size = (phi: Float64Array, moving?: readonly boolean[]): number => {
    let sum = 0;
    for (let k = 0; k < q; k += 1)
      if (moving?.[k] !== false) sum += squares[k]! * phi[k]! * phi[k]! * phi[k]! * phi[k]!;
    return log(sum);
  };
  const known = knownParameter(merged);
  const factorOver: ModelFrame['factorOver'] = (knots, moving, own = known) => {
    const axis = typeof own === 'object' ? own : null;
    const following = interpolatedProducts(knots, weighted.products);
    following.moveTo(knots[0]!.s, knots[0]!.line);
    const likelihood = arrowMarginalLikelihood(following.products, prior, table.n);
    const inner: MarginalTarget = marginalTarget(likelihood, groupTerms, priors.groups, null);
    const { d } = inner;
    let logPrior = 0;
    const at = (phi: Float64Array): boolean => {
      if (axis) {
        const zeta = phi[d]!;
        factor.own = ownAt(axis, zeta);
        logPrior = logOwnPrior(axis, factor.own);
        if (!(logPrior > -Infinity)) return false;
        following.moveTo(q > 0 ? size(phi, moving) : knots[0]!.s, zeta);
      } else if (q > 0) following.moveTo(size(phi, moving), knots[0]!.line);
      return inner.at(phi);
    };
    const logMarginal = (): number => inner.logMarginal() + logPrior;
    const target: MarginalTarget = axis
      ? {
          ...inner,
          d: d + 1,
          at,
          logMarginal,
          logJoint: (sigma) => inner.logJoint(sigma) + logPrior,
          logVolume: () => inner.logVolume() + logPrior,
          // There is no sigma.
          logWeight: logMarginal,
        }
      : { ...inner, at };
    const factor: WhitenedFactor = {
      target,
      own: typeof own === 'number' ? own : undefined,
      likelihood,
      pseudo: following,
      inverse: new Float64Array(table.J * table.q * table.q),
      skew: following.skew,
      borderSkew: following.borderSkew,
      logBase: 0,
      logProposal: 0,
    };
    return factor;
  };
  const map = whitenedMap(table, weighted.products, prior, cellLogLik(family, table));
  return {
    merged,
    start,
    priors,
    family,
    table,
    weighted,
    prior,
    map,
    tree: branches(table, groups),
    squares,
    size,
    known,
    factorOver,
  };
}

/** The same cells, with a sparse border where that is cheaper. */
function sparseTable(table: CellTable, groups: readonly { J: number; q: number }[], p: number): CellTable {
  const { layout } = table;
  return { ...table, layout: { ...layout, pattern: withSparseBorder(layout, groups, p) } };
}

/** The mean square of each varying column of every factor in turn. */
function meanSquares(design: Design): number[] {
  const { groupTerms, n } = design;
  const size = rowSizes(design);
  const copies = rowCopies(design);
  let total = 0;
  for (let i = 0; i < n; i += 1) total += size[i]! * copies[i]!;
  return groupTerms.flatMap(({ q, Z }) =>
    Array.from({ length: q }, (_, k) => {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += size[i]! * copies[i]! * Z[i * q + k]! * Z[i * q + k]!;
      return sum / total || 1;
    }),
  );
}
