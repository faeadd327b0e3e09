import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { cells } from '../../products/cells.ts';
import { cellRows, type FamilyRows, familyRows } from '../../products/familyRows.ts';
import { drawCount, ownDraws, sigmaDraws } from '../groupDraws.ts';
import { rowsByGroup } from '../pooling/groupPrecision.ts';
import { answerFamily } from './answerFamily.ts';
import { type DrawnRows, drawIntegral, LARGEST_DIMENSION, POINTS } from './drawIntegral.ts';
import { relativeFactors } from './relativeFactors.ts';
import { unitPredictor } from './unitPredictor.ts';
import type { UnitQuestion, Units } from './units.ts';

/** Draws at which rules are tried, and how near the best one, in the log, another is as good. */
const TRIED = 32;
const NEAR = 1e-3;

/**
 * `unitLogLikelihood` of rows that are not normal: with u = Lambda e, e ~ N(0, I), the integral of exp(sum_i
 * l_i(eta_i + z_i' u)) over e by adaptive Gauss-Hermite quadrature about its mode (`drawIntegral`). Equal rows of a
 * unit are gone through once. Throws `not-supported` where the deviations of several levels, or of more than three
 * coefficients, are to be integrated out of one unit.
 */
export function quadratureUnits(fit: Fit, question: UnitQuestion): LogLikelihood {
  const { design, units, family } = merged(question);
  const { groupTerms } = design;
  const J = units.levels.length;
  const S = drawCount(fit);
  const sigma = sigmaDraws(fit);
  const own = ownDraws(fit);
  const answers = answerFamily(fit);
  const predictor = unitPredictor(fit, design, question.integrated);
  const { start, rows } = rowsByGroup(units);
  const values = new Float64Array(S * J);
  for (let j = 0; j < J; j++) {
    const members = rows.subarray(start[j]!, start[j + 1]!);
    if (members.length === 0) continue;
    const f = factorOf(design, question, members, units.levels[j]!);
    const { q, Z } = f < 0 ? { q: 0, Z: new Float64Array(0) } : groupTerms[f]!;
    const lambdaOf = f < 0 ? () => undefined : relativeFactors(fit, f);
    const eta = Array.from(members, (i) => {
      const out = new Float64Array(S);
      predictor(i, out);
      return out;
    });
    const at: DrawnRows = {
      family: answers?.family ?? family.family,
      y: Float64Array.from(members, (i) => family.y[i]!),
      size: Float64Array.from(members, (i) => family.size[i]!),
      copies: Float64Array.from(members, (i) => family.copies[i]!),
      Z: Float64Array.from({ length: members.length * q }, (_, at) => Z[members[Math.floor(at / q)]! * q + (at % q)]!),
      q,
      eta: new Float64Array(members.length),
      lambda: new Float64Array(q * q),
      sigma: 1,
      own: undefined,
    };
    const constant = members.reduce((sum, i) => sum + family.constants[i]!, 0);
    const goTo = (s: number): void => {
      for (let k = 0; k < eta.length; k++) at.eta[k] = eta[k]![s]!;
      lambdaOf(s, at.lambda);
      if (sigma) at.sigma = sigma[s]!;
      if (own) at.own = own[s]!;
      answers?.goTo(s);
    };
    const integral = chosenIntegral(at, S, goTo);
    for (let s = 0; s < S; s++) {
      goTo(s);
      values[s * J + j] = constant + integral();
    }
  }
  return { values, draws: S, observations: J, chains: fit.draws.chains };
}

/** The rule of fewest points that is as good as the last one at some draws taken at equal distances. */
function chosenIntegral(at: DrawnRows, S: number, goTo: (s: number) => void): () => number {
  const rules = POINTS[at.q]!.map((points) => drawIntegral(at, points));
  const best = rules.at(-1)!;
  const tried = Math.min(S, TRIED);
  let [chosen] = rules;
  for (let t = 0; t < tried && chosen !== best; t++) {
    goTo(Math.floor(((t + 0.5) * S) / tried));
    const exact = best();
    chosen = rules.slice(rules.indexOf(chosen!)).find((rule) => Math.abs(rule() - exact) < NEAR)!;
  }
  return chosen!;
}

/** The rows as their family reads them, equal rows of a unit merged where the family allows. */
function merged({ design, units }: UnitQuestion): {
  readonly design: Design;
  readonly units: Units;
  readonly family: FamilyRows;
} {
  if (familyOf(design).merge === null) return { design, units, family: familyRows(design) };
  const found = cells(design, [{ values: units.index, width: 1 }]);
  const index = new Int32Array(found.design.n);
  found.cell.forEach((cell, i) => {
    index[cell] = units.index[i]!;
  });
  return { design: found.design, units: { ...units, index }, family: cellRows(design, found) };
}

/** The factor whose one level is integrated out of a unit, or -1. */
function factorOf(design: Design, { integrated }: UnitQuestion, members: Int32Array, unit: string): number {
  const inside = design.groupTerms.flatMap(({ index }, f) =>
    [...new Set(Array.from(members, (i) => index[i]!))].filter((level) => integrated[f]![level] === 1).map(() => f),
  );
  const { label, family } = design.response;
  const { factor, q } = design.groupTerms[inside[0] ?? -1] ?? { factor: '', q: 0 };
  if (inside.length > 1) {
    const factors = [...new Set(inside)].map((f) => design.groupTerms[f]!.factor).join(', ');
    throw new ModelError(
      'not-supported',
      label,
      `${label} is ${family}, and ${quote(unit)} has ${inside.length} levels (of ${factors}) that have rows nowhere else; of rows that are not normal the deviations of one level are integrated out; leave smaller groups out`,
    );
  }
  if (q > LARGEST_DIMENSION) {
    throw new ModelError(
      'not-supported',
      factor,
      `${label} is ${family}, and ${q} coefficients vary by ${factor}; of rows that are not normal at most ${LARGEST_DIMENSION} are integrated out by quadrature; leave rows out`,
    );
  }
  return inside[0] ?? -1;
}
