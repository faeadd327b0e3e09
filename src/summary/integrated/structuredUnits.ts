import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import type { Design, GroupTerm } from '../../design/design.ts';
import { cholesky, forwardSolve, logDeterminant } from '../../linalg/cholesky.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { whitening } from '../../residual/whitening.ts';
import { LOG_2PI } from '../../special/normalPoints.ts';
import { drawCount } from '../groupDraws.ts';
import { rowsByGroup } from '../pooling/groupPrecision.ts';
import { residualDraws } from '../residualDraws.ts';
import { integratedSds } from './integratedSds.ts';
import { relativeFactors } from './relativeFactors.ts';
import { unitPredictor } from './unitPredictor.ts';
import type { UnitQuestion, Units } from './units.ts';

/**
 * `unitLogLikelihood` of normal rows whose residuals depend on each other or have sds of their own: with r the
 * residuals of the unit's rows and Z the columns of the levels that are integrated out, both times C^-1 (R = C C' the
 * relative covariance of the residuals, in units of s^2), B = Z Lambda / s and M = I + B'B = L L',
 *   -2 log p = n log(2 pi s^2) + log|R| + log|M| + (r'r - |L^-1 B'r|^2) / s^2.
 * Of a unit that is one of the groups with residual sds of their own the log sd is integrated out where `sds` says
 * so (`integratedSds`).
 */
export function structuredUnits(fit: Fit, { design, units, integrated }: UnitQuestion, sds: boolean): LogLikelihood {
  const { response, groupTerms, n } = design;
  const J = units.levels.length;
  const S = drawCount(fit);
  const model = residualModel(design);
  const placeAt = residualDraws(fit, model);
  const white = whitening(design, model, units.index, J);
  const predictor = unitPredictor(fit, design, integrated);
  const factors = groupTerms.map((_, f) => relativeFactors(fit, f));
  const lambdas = groupTerms.map(({ q }) => new Float64Array(q * q));
  const { start, rows } = rowsByGroup(units);
  const predicted = Array.from(units.index, (j, i) => {
    const eta = new Float64Array(j < 0 ? 0 : S);
    if (j >= 0) predictor(i, eta);
    return eta;
  });
  const { sizes, entries } = coordinatesOf(design, units, integrated);
  const most = entries.length;
  const r = new Float64Array(n);
  const columns = entries.map(() => new Float64Array(n));
  const M = new Float64Array(most * most);
  const b = new Float64Array(most);
  /** The log densities of all units at a draw, the parameters of the residuals at these coordinates, to `out`. */
  const evaluate = (s: number, coordinates: ArrayLike<number>, unit: number, out: Float64Array): void => {
    if (!(model.at(coordinates) && white.refresh())) {
      out.fill(-Infinity);
      return;
    }
    for (let i = 0; i < n; i++) r[i] = units.index[i]! < 0 ? 0 : response.y[i]! - predicted[i]![s]!;
    white.apply(r);
    for (let f = 0; f < groupTerms.length; f++) factors[f]!(s, lambdas[f]!);
    entries.forEach((own, c) => {
      const column = columns[c]!;
      column.fill(0);
      for (const { i, f, k } of own) {
        const { q, Z } = groupTerms[f]!;
        let sum = 0;
        for (let l = k; l < q; l++) sum += Z[i * q + l]! * lambdas[f]![l * q + k]!;
        column[i] = sum / unit;
      }
      white.apply(column);
    });
    for (let j = 0; j < J; j++) {
      out[j] = 0;
      const members = rows.subarray(start[j]!, start[j + 1]!);
      if (members.length === 0) continue;
      const size = sizes[j]!;
      let square = 0;
      for (const i of members) square += r[i]! * r[i]!;
      for (let a = 0; a < size; a++) {
        b[a] = 0;
        for (const i of members) b[a]! += columns[a]![i]! * r[i]!;
        for (let c = 0; c <= a; c++) {
          let sum = a === c ? 1 : 0;
          for (const i of members) sum += columns[a]![i]! * columns[c]![i]!;
          M[a * size + c] = sum;
        }
      }
      cholesky(M, size);
      forwardSolve(M, size, b);
      let explained = 0;
      for (let a = 0; a < size; a++) explained += b[a]! * b[a]!;
      const logDet = white.logDet[j]! + logDeterminant(M, size) + members.length * (LOG_2PI + 2 * Math.log(unit));
      out[j] = -0.5 * (logDet + (square - explained) / (unit * unit));
    }
  };
  const values = new Float64Array(S * J);
  const integral = sds ? integratedSds(fit, design, units, model) : null;
  for (let s = 0; s < S; s++) {
    const { coordinates, unit } = placeAt(s);
    const out = values.subarray(s * J, (s + 1) * J);
    if (integral) integral(s, coordinates, (at, to) => evaluate(s, at, unit, to), out);
    else evaluate(s, coordinates, unit, out);
  }
  return { values, draws: S, observations: J, chains: fit.draws.chains };
}

/** Column k of the level of factor f that row i is of. */
interface Entry {
  readonly i: number;
  readonly f: number;
  readonly k: number;
}

/**
 * The coordinates of a unit are the columns of the levels that are integrated out in it: how many each unit has, and
 * what stands in each, of all units together, whose rows are not the same.
 */
function coordinatesOf(
  { groupTerms }: Pick<Design, 'groupTerms'>,
  units: Units,
  integrated: readonly Uint8Array[],
): { readonly sizes: Int32Array; readonly entries: readonly (readonly Entry[])[] } {
  const sizes = new Int32Array(units.levels.length);
  const entries: Entry[][] = [];
  groupTerms.forEach(({ q, J, index }: GroupTerm, f) => {
    const places = new Int32Array(J).fill(-1);
    index.forEach((level, i) => {
      const j = units.index[i]!;
      if (j < 0 || integrated[f]![level] !== 1) return;
      if (places[level] === -1) {
        places[level] = sizes[j]!;
        sizes[j]! += q;
      }
      for (let k = 0; k < q; k++) {
        const at = places[level]! + k;
        entries[at] ??= [];
        entries[at].push({ i, f, k });
      }
    });
  });
  return { sizes, entries };
}
