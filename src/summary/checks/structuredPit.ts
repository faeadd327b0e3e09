import type { Design } from '../../design/design.ts';
import { exp } from '../../elementary.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { gaussHermite } from '../../special/gaussHermite.ts';
import { normalCdf } from '../../special/normalTail.ts';
import { groupLogLikelihood } from '../comparison/groupLogLikelihood.ts';
import { leftOutWeights } from '../comparison/leftOutWeights.ts';
import { logLikelihood } from '../comparison/logLikelihood.ts';
import { drawCount, variableOf } from '../groupDraws.ts';
import { unitPredictor } from '../integrated/unitPredictor.ts';
import { levelsWithin, type Units, unitsOf } from '../integrated/units.ts';
import { residualDraws } from '../residualDraws.ts';
import { spreadDraws } from '../spreadDraws.ts';

/** Nodes of the sd of a group that has not been seen. */
const POINTS = 15;

/** The places of all rows, and the Pareto k of the weights that each was found by. */
export interface StructuredPit {
  readonly pit: Float64Array;
  readonly paretoK: Float64Array;
  /** What was left out with each row: null for the row alone, or the factor whose groups were. */
  readonly by: string | null;
}

/**
 * Where each row lies in its predictive distribution, sum_s w_s Phi((y_i - m_is) / sd_is), of normal rows whose
 * residuals are not independent with one sigma. With sds alone the row is left out, given the deviations of its groups.
 * Where rows of one group depend on each other the group is left out whole (`groupLogLikelihood`): m and sd^2 = z'
 * Sigma z + Var(e_i) are those of a row of a group that nothing is known of, its log sd averaged over N(0, omega^2)
 * where groups have sds of their own. The places of rows of one group are then uniform each, and depend on each other.
 */
export function structuredPit(fit: Fit): StructuredPit {
  const { design, draws } = fit;
  const { n, groupTerms, response, residual } = design;
  const S = drawCount(fit);
  const factor = residual!.groups?.factor ?? null;
  const units: Units = factor === null ? rowUnits(design) : unitsOf(design, factor);
  const J = units.levels.length;
  const integrated = groupTerms.map((term) => (factor === null ? new Uint8Array(term.J) : levelsWithin(term, units)));
  const { values } = factor === null ? logLikelihood(fit) : groupLogLikelihood(fit, factor);
  const sds = rowSds(fit);
  const unseen = factor !== null && residual!.sigmaGroups !== null ? unseenSds(fit, units) : null;
  const predictor = unitPredictor(fit, design, integrated);
  const spreadAt = spreadDraws(fit);
  const logLik = new Float64Array(S);
  const eta = new Float64Array(S);
  const weights: Float64Array[] = [];
  const k = new Float64Array(J);
  for (let j = 0; j < J; j++) {
    for (let s = 0; s < S; s++) logLik[s] = values[s * J + j]!;
    const found = leftOutWeights(logLik, draws.chains);
    weights.push(found.logWeights.map((value) => exp(value)));
    k[j] = found.paretoK;
  }
  const pit = Float64Array.from({ length: n }, (_, i) => {
    const j = units.index[i]!;
    predictor(i, eta);
    const among = groupTerms.map(({ Z, q, index }, f) =>
      integrated[f]![index[i]!] === 1 ? Z.slice(i * q, (i + 1) * q) : new Float64Array(q),
    );
    const spread = among.some((z) => z.some((value) => value !== 0)) ? spreadAt(among).variance : null;
    let sum = 0;
    for (let s = 0; s < S; s++) {
      const off = response.y[i]! - eta[s]!;
      const below = (sd: number): number => normalCdf(off / Math.sqrt(sd * sd + (spread?.[s] ?? 0)));
      const sd = sds[s * n + i]!;
      sum += weights[j]![s]! * (unseen ? unseen(i, s, sd, below) : below(sd));
    }
    return Math.min(1, sum);
  });
  return { pit, paretoK: Float64Array.from(units.index, (j) => k[j]!), by: factor };
}

function rowUnits({ n }: Design): Units {
  const index = Int32Array.from({ length: n }, (_, i) => i);
  return { levels: Array.from(index, String), index };
}

/** The sd of the residual of every row in every draw, S x n. */
function rowSds(fit: Fit): Float64Array {
  const { n } = fit.design;
  const model = residualModel(fit.design);
  const placeAt = residualDraws(fit, model);
  const S = drawCount(fit);
  const out = new Float64Array(S * n);
  for (let s = 0; s < S; s++) {
    const { coordinates, unit } = placeAt(s);
    model.at(coordinates);
    for (let i = 0; i < n; i++) out[s * n + i] = unit * model.residualSd(i);
  }
  return out;
}

/** The mean over N(0, omega^2) of what depends on a row's sd, where its log sd is of its unit alone. */
function unseenSds(
  fit: Fit,
  units: Units,
): (i: number, s: number, sd: number, below: (sd: number) => number) => number {
  const groups = fit.design.residual!.sigmaGroups!;
  const within = levelsWithin(groups, units);
  const omega = scalarDraws(fit.draws, variableOf(fit, `omega_${groups.factor}`).offset);
  const { offset } = variableOf(fit, `delta_${groups.factor}`);
  const delta = Array.from({ length: groups.J }, (_, j) => scalarDraws(fit.draws, offset + j));
  const { nodes, weights } = gaussHermite(POINTS);
  const masses = nodes.map((z, k) => (weights[k]! * exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI));
  return (i, s, sd, below) => {
    const j = groups.index[i]!;
    if (within[j] !== 1) return below(sd);
    const centre = sd * exp(-delta[j]![s]!);
    return nodes.reduce((sum, z, k) => sum + masses[k]! * below(centre * exp(omega[s]! * z)), 0);
  };
}
