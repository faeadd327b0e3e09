import type { Design } from '../../design/design.ts';
import { exp } from '../../elementary.ts';
import { familyOf } from '../../families/familyOf.ts';
import { knownParameter } from '../../families/ownParameter.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { type CrossProducts, gather, scatter } from '../../products/crossProducts.ts';
import type { Rng } from '../../random/rng.ts';
import { crossedSweep } from '../crossed/crossedSweep.ts';
import type { State } from '../kernel.ts';
import { covarianceSlices } from './covarianceSlices.ts';
import { crossedRows } from './crossedRows.ts';
import { effectSpread } from './effectSpread.ts';
import { addOwn, pseudoLayout } from './pseudoLayout.ts';
import { type PseudoLikelihood, rowFunctions } from './rowFunctions.ts';
import { addDifferences, addEffects, addScores, difference, linear, predictors, takeRows } from './rowPasses.ts';
import { scaleStep } from './scaleStep.ts';

/**
 * sd of a level's proposal in those of its pseudo-conditional: a little wider, so that no level sticks in a tail that
 * the pseudo-likelihood is too light for.
 */
const WIDER = 1.15;
const SLACK = 0.5 * (1 - WIDER * WIDER);

/** Of a sweep: the share of its joint steps that were accepted, and of the levels in their own. */
export const surrogateStats: readonly string[] = ['joint_rate', 'level_rate', 'scale_rate'];

/** Where a chain stands: coefficients in working coordinates, and the coordinates of every factor's covariance. */
export interface SurrogatePlace {
  readonly x: Float64Array;
  readonly covariances: readonly Float64Array[];
}

/** The steps of a crossed model without sigma on a frozen pseudo-likelihood; see the room's README. */
export interface SurrogateSampler {
  readonly names: readonly string[];
  readonly rows: ReturnType<typeof crossedRows>;
  /** The linear predictors, length n. */
  readonly eta: Float64Array;
  /** Takes a pseudo-likelihood; the place stays. */
  freeze(pseudo: PseudoLikelihood): void;
  load(state: State): void;
  store(state: State): void;
  take(place: SurrogatePlace): void;
  place(): SurrogatePlace;
  /** One sweep that leaves the pseudo-posterior invariant. */
  pseudoSweep(rng: Rng): void;
  /** Coefficients to their conditional means under the pseudo-posterior, one large factor with w at a time. */
  climb(): void;
  /** One sweep that leaves the posterior invariant; fills `info`, where it is given, with `surrogateStats`. */
  sweep(rng: Rng, withScales: boolean, info?: Float64Array): void;
}

/** A sampler of a design (rows or cells) with at least one factor; workspaces are allocated here. */
export function surrogateSampler(design: Design, products: CrossProducts, priors: MovingPriors): SurrogateSampler {
  const { groupTerms, n } = design;
  const { size, coordinates } = products;
  const rows = crossedRows(design, products);
  const layout = pseudoLayout(design, rows, products);
  const { large, small: smallFactors, places, c, fill } = layout;
  // Coefficients are counted from 0: there is no reference fit here.
  const prior = workingCoefficientPrior({ ...products, reference: new Float64Array(size) }, priors.beta);
  const sweep = crossedSweep(layout, products, prior, c, 0, false);
  const { x, w, border, passes } = sweep;
  const { W } = border;
  const functions = rowFunctions(familyOf(design), rows, knownParameter(design));
  const discrepancy = functions.discrepancies;
  const slices = covarianceSlices(design, priors, coordinates);
  const { covariances, Lambda, inverse, refresh } = slices;
  const spreads = rows.factors.map(effectSpread);
  const small = smallFactors.map((f) => Lambda[f]!);
  const uNames = groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => x);
  const most = large.reduce((widest, { J, q }) => Math.max(widest, J * q), 0);
  const z = new Float64Array(most);
  const fresh = new Float64Array(most);
  const zBorder = new Float64Array(W);
  // Of every row: its linear predictor and discrepancy, here and at what is proposed.
  const eta = new Float64Array(n);
  const etaNext = new Float64Array(n);
  const excess = new Float64Array(n);
  const excessNext = new Float64Array(n);
  // In the places of x: where a step began, what it changes, and the sums of discrepancies of levels.
  const before = new Float64Array(size);
  const change = new Float64Array(size);
  const changeOfBeta = change.subarray(rows.beta, rows.beta + rows.p);
  const gains = large.map(({ J }) => new Float64Array(J));
  const taken = new Uint8Array(large.reduce((widest, { J }) => Math.max(widest, J), 0));
  const kept = covariances.map(({ coordinates: at }) => new Float64Array(at.length));
  let pseudo: PseudoLikelihood = { precision: new Float64Array(n), side: new Float64Array(n) };
  let jointSteps = 0;
  let jointTaken = 0;
  let levelSteps = 0;
  let levelTaken = 0;
  let f = 0;
  let pass = passes[0]!;

  const refreshAll = (): void => {
    for (let g = 0; g < covariances.length; g += 1) refresh(g);
    sweep.readBorder();
    predictors(rows, x, eta);
  };
  /** Of the pseudo-posterior: u_f integrated out; w and u_f. */
  const effectsIntegrated = (): number => pass.logIntegral(Lambda[f]!, 1);
  const borderIntegrated = (): number => border.factor(small, 1);
  /** Of the posterior: given the effects of factor f. */
  const effectsGiven = (): number => {
    const logDeterminant = covariances[f]!.inverse(inverse[f]!);
    return spreads[f]!.logDensity(inverse[f]!, logDeterminant);
  };

  /** S and r of the k-th large factor from the rows, and its factors at Lambda. */
  const begin = (k: number): void => {
    const { J, q, f: g, offset } = large[k]!;
    for (let i = 0; i < J * q; i += 1) c[offset + i] = 0;
    addScores(rows.factors[g]!, pseudo, rows.base, eta, c);
    addOwn(large[k]!, x, w, c);
    pass = passes[k]!;
    pass.shift(x, c);
    pass.residuals(w);
    pass.factor(Lambda[g]!);
  };

  /** Every level of the k-th large factor from its pseudo-conditional, accepted by itself. */
  const stepLevels = (k: number, rng: Rng): void => {
    const { J, q, f: g, offset } = large[k]!;
    const factor = rows.factors[g]!;
    const own = gains[k]!;
    pass.standardise(Lambda[g]!, inverse[g]!, x, z);
    rng.fillNormals(fresh, J * q);
    for (let i = 0; i < J * q; i += 1) fresh[i] = WIDER * fresh[i]!;
    for (let i = 0; i < J * q; i += 1) before[offset + i] = x[offset + i]!;
    pass.draw(Lambda[g]!, 1, w, fresh, x);
    for (let i = offset; i < offset + J * q; i += 1) change[i] = x[i]! - before[i]!;
    addEffects(factor, change, eta, etaNext);
    discrepancy(etaNext, pseudo, excessNext);
    own.fill(0);
    const { index } = factor;
    addDifferences(index, excess, excessNext, own);
    for (let j = 0; j < J; j += 1) {
      let squares = 0;
      for (let i = j * q; i < (j + 1) * q; i += 1) squares += fresh[i]! * fresh[i]! - z[i]! * z[i]!;
      const ratio = own[j]! + (SLACK / (WIDER * WIDER)) * squares;
      taken[j] = ratio >= 0 || rng.uniform() < exp(ratio) ? 1 : 0;
      if (taken[j] === 1) levelTaken += 1;
      else for (let i = offset + j * q; i < offset + (j + 1) * q; i += 1) x[i] = before[i]!;
    }
    levelSteps += J;
    takeRows(index, taken, eta, etaNext, excess, excessNext);
  };

  /**
   * Moves (Sigma_f, Sigma_g, w) by a kernel that is reversible for the pseudo-posterior with u_f integrated out, a
   * palindrome, and lays u_f at `standard`; eta follows in `etaNext`. Without `rng` w goes to its mean and the
   * covariances stay.
   */
  const moveJoint = (k: number, standard: Float64Array, rng: Rng | null): void => {
    const { J, q, f: g, offset } = large[k]!;
    before.set(x);
    f = g;
    if (rng) slices.move(g, effectsIntegrated, false, rng);
    sweep.formBorder(k, Lambda[g]!);
    for (let s = 0; rng && s < small.length; s += 1) slices.move(smallFactors[s]!, borderIntegrated, false, rng);
    for (let s = small.length - 1; rng && s >= 0; s -= 1) slices.move(smallFactors[s]!, borderIntegrated, true, rng);
    if (border.factor(small, 1) === -Infinity)
      throw new Error('the precision matrix of the coefficients is not positive definite');
    if (rng) rng.fillNormals(zBorder, W);
    else zBorder.fill(0);
    border.draw(small, 1, zBorder, w);
    for (let l = 0; l < W; l += 1) x[places[l]!] = w[l]!;
    pass.residuals(w);
    if (rng) slices.move(g, effectsIntegrated, true, rng);
    pass.factor(Lambda[g]!);
    pass.draw(Lambda[g]!, 1, w, standard, x);
    for (let l = 0; l < W; l += 1) change[places[l]!] = x[places[l]!]! - before[places[l]!]!;
    for (let i = offset; i < offset + J * q; i += 1) change[i] = x[i]! - before[i]!;
    addChange(g);
  };
  /** etaNext := eta + the changes of w and of factor g. */
  const addChange = (g: number): void => {
    const { p, X, factors } = rows;
    linear(n, p, X, changeOfBeta, eta, etaNext);
    for (let s = 0; s < small.length; s += 1) addEffects(factors[smallFactors[s]!]!, change, etaNext, etaNext);
    addEffects(factors[g]!, change, etaNext, etaNext);
  };

  /** (Sigma_f, Sigma_g, w) with the whitened u_f kept: a surrogate transition, accepted by the discrepancies alone. */
  const stepJoint = (k: number, rng: Rng): void => {
    const { f: g } = large[k]!;
    pass.residuals(w);
    pass.standardise(Lambda[g]!, inverse[g]!, x, z);
    for (let h = 0; h < covariances.length; h += 1) kept[h]!.set(covariances[h]!.coordinates);
    moveJoint(k, z, rng);
    discrepancy(etaNext, pseudo, excessNext);
    const gain = difference(excess, excessNext);
    jointSteps += 1;
    if (gain >= 0 || rng.uniform() < exp(gain)) {
      jointTaken += 1;
      eta.set(etaNext);
      excess.set(excessNext);
      return;
    }
    x.set(before);
    sweep.readBorder();
    restore(g);
    for (let s = 0; s < small.length; s += 1) restore(smallFactors[s]!);
  };
  const restore = (g: number): void => {
    covariances[g]!.coordinates.set(kept[g]!);
    refresh(g);
  };
  const scales = scaleStep(design, coordinates, rows, functions, covariances, prior, {
    x,
    eta,
    etaNext,
    excess,
    excessNext,
    refresh() {
      for (let g = 0; g < covariances.length; g += 1) refresh(g);
      sweep.readBorder();
    },
  });
  /** Sigma_g given u_g: the rows have no part in it. */
  const stepCovariance = (g: number, rng: Rng): void => {
    spreads[g]!.read(x);
    f = g;
    slices.move(g, effectsGiven, false, rng);
  };

  return {
    names: [...covariances.flatMap(({ names }) => names), ...uNames, ...(rows.p > 0 ? ['beta'] : [])],
    rows,
    eta,
    freeze(frozen) {
      pseudo = frozen;
      fill(frozen.precision, frozen.side);
    },
    load(state) {
      for (let g = 0; g < uNames.length; g += 1) views[g] = state.at[uNames[g]!]!;
      gather(products, views, state.at['beta']!, x);
      for (const covariance of covariances) covariance.read(state);
      refreshAll();
    },
    store(state) {
      for (let g = 0; g < uNames.length; g += 1) views[g] = state.at[uNames[g]!]!;
      for (const covariance of covariances) covariance.write(state);
      scatter(products, x, views, state.at['beta']!);
    },
    take(place) {
      x.set(place.x);
      for (let g = 0; g < covariances.length; g += 1) covariances[g]!.coordinates.set(place.covariances[g]!);
      refreshAll();
    },
    place: () => ({ x: x.slice(), covariances: covariances.map(({ coordinates: at }) => at.slice()) }),
    pseudoSweep(rng) {
      for (let k = 0; k < large.length; k += 1) {
        begin(k);
        rng.fillNormals(fresh, large[k]!.J * large[k]!.q);
        moveJoint(k, fresh, rng);
        eta.set(etaNext);
      }
    },
    climb() {
      for (let k = 0; k < large.length; k += 1) {
        begin(k);
        fresh.fill(0);
        moveJoint(k, fresh, null);
        eta.set(etaNext);
      }
    },
    sweep(rng, withScales, info) {
      jointSteps = 0;
      jointTaken = 0;
      levelSteps = 0;
      levelTaken = 0;
      discrepancy(eta, pseudo, excess);
      for (let k = 0; k < large.length; k += 1) {
        begin(k);
        stepLevels(k, rng);
        stepJoint(k, rng);
        stepCovariance(large[k]!.f, rng);
      }
      for (let s = 0; s < small.length; s += 1) stepCovariance(smallFactors[s]!, rng);
      const scaled = withScales ? scales.run(pseudo, rng) : false;
      if (info === undefined) return;
      info[0] = jointTaken / jointSteps;
      info[1] = levelTaken / levelSteps;
      info[2] = scaled ? 1 : 0;
    },
  };
}
