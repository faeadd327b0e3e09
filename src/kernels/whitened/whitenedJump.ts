import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { logSumExp } from '../../special/logSumExp.ts';
import type { Kernel } from '../kernel.ts';
import { covarianceParameters } from '../modelSetting.ts';
import { variancesOf } from '../state/coefficientVariances.ts';
import { sideVariances } from '../state/sideVariances.ts';
import { whitenedModelOnce } from './fitWhitenedModel.ts';
import { ownAt, zetaOf } from './ownAxis.ts';
import { type Whitener, whitener } from './whiten.ts';
import type { WhitenedFactor, WhitenedPlace } from './whitenedMap.ts';
import type { WhitenedModel } from './whitenedModel.ts';
import { whitenedState } from './whitenedState.ts';

/** Tries of a sweep. */
const TRIES = 2;

/** The model about one side, and workspaces. */
interface Piece {
  readonly model: WhitenedModel;
  readonly factor: WhitenedFactor;
  readonly place: WhitenedPlace;
  readonly inverse: Whitener;
  readonly phi: Float64Array;
  readonly xi: Float64Array;
  readonly e: Float64Array;
}

/** What each model has fitted. */
interface Prepared {
  readonly models: readonly object[];
}

/**
 * Jumps between the sides of a posterior that heavy-tailed priors of coefficients part, as `sideJumpKernel` makes them,
 * of a model without sigma: the variances v of the mixtures, the covariances phi (and the family's own parameter) and
 * all coefficients x together, by an independence Metropolis step from a mixture of one whitened model for each side s,
 *
 *     q(v, phi, x) = sum_s (1 / S) prod_k q_s(v_k) q_s(phi) N(xi_s; 0, I) |dxi_s / dx|,
 *
 * xi_s the coordinates in which the model fitted at the side's variances is whitened at (phi, v). One over the weight
 * of a point is the sum over s of one over its weight in the coordinates of s.
 */
export function whitenedJumpKernel(design: Design, priors: MovingPriors): Kernel {
  const { beta } = priors;
  const sides = beta.sides!;
  const models = sides.map(({ variance }) => {
    const { sides: _, ...others } = beta;
    return whitenedModelOnce(design, { ...priors, beta: { ...others, sd: variance.map(Math.sqrt) } });
  });
  const proposals = sideVariances(beta);
  const place = whitenedState(design);
  const d = covarianceParameters(design) + (estimatedParameter(design) ? 1 : 0);
  const variance = beta.sd.map((sd) => sd * sd);
  const logs = new Float64Array(sides.length);
  let pieces: readonly Piece[] | undefined;
  let x = new Float64Array(0);

  const ready = (): readonly Piece[] => {
    if (pieces) return pieces;
    pieces = models.map((once) => {
      const model = once.get();
      const { size } = model.products;
      return {
        model,
        factor: model.allocateFactor(),
        place: model.map.allocatePlace(),
        inverse: whitener(model.table, model.products),
        phi: new Float64Array(d),
        xi: new Float64Array(size),
        e: new Float64Array(size),
      };
    });
    x = new Float64Array(pieces[0]!.model.products.size);
    return pieces;
  };
  /** The log weight at coefficients `x` and variances `v`, phi as each piece has it; -Infinity where there is none. */
  const logWeight = (of: readonly Piece[], v: Float64Array): number => {
    const prior = proposals.logPrior(v);
    for (let s = 0; s < of.length; s += 1) {
      const { model, factor, place, inverse, phi, xi, e } = of[s]!;
      const { map, axis, proposal } = model;
      // No jump from this side leads where its own coordinates have no density.
      logs[s] = Number.NEGATIVE_INFINITY;
      model.prior.setVariances!(v);
      if (!map.factorAt(factor, phi)) continue;
      inverse.standardise(factor, x, e);
      inverse.whiten(factor, e, xi);
      map.placeBorder(factor, place, xi);
      map.placeBlocks(factor, place, xi);
      let square = 0;
      for (let k = 0; k < xi.length; k += 1) square += xi[k]! * xi[k]!;
      // Of the logarithm of the family's own parameter, whatever the scale of its coordinate.
      const unit = axis ? log(axis.scale) : 0;
      const target = factor.logBase + place.total + place.border + unit + prior;
      const own = target - proposal.proposal.logDensity(phi) + 0.5 * square - proposals.logDensity(s, v);
      if (Number.isFinite(own)) logs[s] = -own;
    }
    return -logSumExp(logs);
  };

  /** phi of one piece as that of another, whose coordinate of the family's own parameter is its own. */
  const takePhi = (from: Piece, to: Piece): void => {
    to.phi.set(from.phi);
    if (from.model.axis && to.model.axis)
      to.phi[d - 1] = zetaOf(to.model.axis, ownAt(from.model.axis, from.phi[d - 1]!));
  };

  return {
    name: 'whitenedJump',
    updates: place.names,
    why: `heavy-tailed priors part the posterior into ${sides.length} sides: variances, covariances and coefficients anew from a whitened model about each`,
    *prepare(made) {
      const given = (made as Prepared | undefined)?.models;
      const own: object[] = [];
      for (let s = 0; s < models.length; s += 1) {
        const packed = yield* models[s]!.prepare(given?.[s]);
        if (!packed) return null;
        own.push(packed);
      }
      return { models: own } satisfies Prepared;
    },
    stats: ['jump_rate'],
    init() {},
    step(state, rng, _phase, info) {
      const of = ready();
      info[0] = 0;
      const variances = variancesOf(state);
      for (const piece of of) place.read(state, piece.model, piece.phi, x);
      let weight = logWeight(of, variances);
      // Where no side's coordinates have a density no jump leads to either.
      for (let t = 0; t < TRIES && weight < Infinity; t += 1) {
        const s = Math.floor(rng.uniform() * of.length);
        const { model, factor, place: to, phi, xi } = of[s]!;
        proposals.draw(s, rng, variance);
        model.proposal.proposal.draw(rng, phi);
        rng.fillNormals(xi, xi.length);
        model.prior.setVariances!(variance);
        if (!model.map.factorAt(factor, phi)) continue;
        model.map.placeBorder(factor, to, xi);
        model.map.placeBlocks(factor, to, xi);
        x.set(to.x);
        for (const piece of of) if (piece !== of[s]) takePhi(of[s]!, piece);
        const value = logWeight(of, variance);
        if (!Number.isFinite(value) || !(value >= weight || rng.uniform() < exp(value - weight))) continue;
        weight = value;
        variances.set(variance);
        place.write(state, model, factor, x);
        info[0] = info[0]! + 1 / TRIES;
      }
    },
  };
}
