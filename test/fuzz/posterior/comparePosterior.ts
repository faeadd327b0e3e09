import { essBulk, essTail } from '../../../diagnostics/ess.ts';
import type { SummaryRow } from '../../../diagnostics/summarizeDraws.ts';
import { type Draws, findVariable, scalarChains } from '../../../src/mcmc/draws.ts';
import type { Fit } from '../../../src/mcmc/fit.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import type { PosteriorModel } from '../../oracle/posterior/posteriorModel.ts';
import type { PosteriorTruth } from '../../oracle/posterior/posteriorTruth.ts';
import { truthBelow, truthMean, truthQuantile } from '../../oracle/posterior/truthMeasures.ts';

/** One number of a fit that is not that of the truth. */
export interface Difference {
  readonly variable: string;
  readonly measure: 'q5' | 'q50' | 'q95' | 'mean';
  readonly ours: number;
  readonly truth: number;
  /** The truth's own Monte Carlo error. */
  readonly error: number;
  /** Of the difference in combined Monte Carlo errors (quantiles: on the scale of probability). */
  readonly z: number;
}

/**
 * Combined Monte Carlo errors from which a difference counts: by chance one number in two million, and a model has a
 * hundred.
 */
const LIMIT = 5;
/** Posterior sds below which a difference is of no consequence, however sure. */
const LEAST = 0.05;

/**
 * Every variable of the truth against the fit: quantiles by what share of the truth lies below ours, with variance p
 * (1 - p) / ESS and the truth's own; means where the tails have one to speak of. `height` (Gaussian rows) is computed
 * here from the fit's covariances and sigma: chains that sit in the wrong mode, or leave out a tail, differ in it
 * whatever the coordinates.
 */
export function comparePosterior(fit: Fit, model: PosteriorModel, truth: PosteriorTruth): Difference[] {
  const rows = new Map<string, Pick<SummaryRow, 'mean' | 'q5' | 'q50' | 'q95' | 'essBulk' | 'essTail'>>();
  for (const row of summarize(fit)) rows.set(row.variable, row);
  const { height } = truth;
  if (height) rows.set('height', heights(fit.draws, model, height));
  const out: Difference[] = [];
  for (const variable of truth.names) {
    const ours = rows.get(variable);
    if (!ours) throw new Error(`the fit has no ${variable}, the oracle has`);
    const quantiles = { q5: 0.05, q50: 0.5, q95: 0.95 } as const;
    const [low, high] = [truthQuantile(truth, variable, 0.05), truthQuantile(truth, variable, 0.95)];
    // The sd of a normal with these quantiles: a posterior's sd may be that of its far tail alone.
    const sd = (high.value - low.value) / 3.29;
    if (!(sd > 1e-9 * Math.abs(high.value))) continue;
    const ess = Math.max(1, Math.min(ours.essBulk, Number.isNaN(ours.essTail) ? Infinity : ours.essTail));
    for (const measure of ['q5', 'q50', 'q95'] as const) {
      const p = quantiles[measure];
      const share = truthBelow(truth, variable, ours[measure]);
      const exact = truthQuantile(truth, variable, p);
      const z = (share.value - p) / Math.hypot(Math.sqrt((p * (1 - p)) / ess), share.error);
      const size = Math.abs(ours[measure] - exact.value) / sd;
      if (Math.abs(z) > LIMIT && size > LEAST) {
        out.push({ variable, measure, ours: ours[measure], truth: exact.value, error: exact.error, z });
      }
    }
    const mean = truthMean(truth, variable);
    const whole = mean.error * Math.sqrt(truth.draws.get(variable)!.reduce((sum, run) => sum + run.length, 0) / 3);
    if (whole < 1.5 * sd) {
      const z = (ours.mean - mean.value) / Math.hypot(sd / Math.sqrt(ess), mean.error);
      if (Math.abs(z) > LIMIT && Math.abs(ours.mean - mean.value) > LEAST * sd) {
        out.push({ variable, measure: 'mean', ours: ours.mean, truth: mean.value, error: mean.error, z });
      }
    }
  }
  return out.sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
}

/** The share of a chain's draws that may have correlations which rounding has made singular. */
const MOST_SINGULAR = 0.02;

/** The heights of a fit's draws, summarised. */
function heights(draws: Draws, model: PosteriorModel, height: NonNullable<PosteriorTruth['height']>) {
  const chains: Float64Array[] = [];
  const series = (name: string, label: string): Float64Array[] => {
    const variable = findVariable(draws, name)!;
    const at = variable.coords.length === 0 ? 0 : variable.coords[0]!.indexOf(label);
    return scalarChains(draws, variable.offset + at);
  };
  const blocks = model.blocks.map(({ factor, labels }) => ({
    tau: labels.map((label) => series(`tau_${factor}`, label)),
    corr: labels.flatMap((label, a) =>
      labels.slice(0, a).map((before) => series(`corr_${factor}`, `${before},${label}`)),
    ),
  }));
  const sigma = model.sigma ? series('sigma', '') : null;
  for (let chain = 0; chain < draws.chains; chain += 1) {
    const values = Float64Array.from({ length: draws.iterations }, (_, t) => {
      const at = (one: readonly Float64Array[]) => one[chain]![t]!;
      return height({
        blocks: blocks.map(({ tau, corr }) => ({ tau: tau.map(at), corr: corr.map(at) })),
        sigma: sigma ? at(sigma) : null,
      });
    });
    // Correlations that no double tells from 1 in size have no height to compute: a draw of such has the one before it,
    // as long as few are.
    const singular = blocks.map(({ corr }) => corr.map((one) => one[chain]!));
    let few = MOST_SINGULAR * draws.iterations;
    for (let t = 0; t < values.length; t += 1) {
      if (Number.isFinite(values[t]!)) continue;
      const rounded = singular.some((block) => block.some((corr) => Math.abs(corr[t]!) > 1 - 2 ** -50));
      few -= 1;
      values[t] = rounded && few >= 0 ? (values[t - 1] ?? -1e300) : -1e300;
    }
    chains.push(values);
  }
  const all = Float64Array.from(chains.flatMap((chain) => Array.from(chain))).sort();
  const quantile = (p: number) => all[Math.round(p * (all.length - 1))]!;
  return {
    mean: all.reduce((sum, value) => sum + value, 0) / all.length,
    q5: quantile(0.05),
    q50: quantile(0.5),
    q95: quantile(0.95),
    essBulk: essBulk(chains),
    essTail: essTail(chains),
  };
}
