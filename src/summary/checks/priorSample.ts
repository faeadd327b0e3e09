import { correlationPairs } from '../../design/correlationPairs.ts';
import type { Design } from '../../design/design.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import { layout, scalarNames } from '../../mcmc/layout.ts';
import { drawParameter, LEAST } from '../../priors/parameterPrior.ts';
import { covarianceDraw, drawCoefficients, drawScale } from '../../priors/priorDraw.ts';
import type { BlockPrior, CoefficientPriors, Priors, ScalePrior } from '../../priors/priors.ts';
import { drawThresholds } from '../../priors/thresholdPrior.ts';
import type { Rng } from '../../random/rng.ts';

/** Takes the place of an improper prior of an sd while its neighbours are drawn. */
const ANY: ScalePrior = { distribution: 'halfNormal', scale: 1 };

/**
 * Draws (length `count`) of every parameter that has a proper prior, by name: sds and correlations of the factors,
 * sigma, the family's own parameter and coefficients; those with improper priors are left out, and with them those that
 * a prior about the means of the columns ties to them.
 */
export function priorSample(design: Design, priors: Priors, count: number, rng: Rng): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  const variables = new Map(layout(design).map((variable) => [variable.name, scalarNames(variable)]));
  /** Keeps what `draw` leaves in `values` of the quantities that `proper` says are. */
  const keep = (variable: string, values: Float64Array, proper: (k: number) => boolean) => {
    const kept = (variables.get(variable) ?? []).flatMap((name, k) => {
      if (!proper(k)) return [];
      const draws = new Float64Array(count);
      found.set(name, draws);
      return [{ k, draws }];
    });
    return (s: number): void => {
      for (const { k, draws } of kept) draws[s] = values[k]!;
    };
  };
  const steps: ((s: number) => void)[] = [];

  const { p, columns, groupTerms } = design;
  const { beta, sigma } = priors;
  const parameter = estimatedParameter(design);
  const coefficients = new Float64Array(p);
  const stood = { ...beta, sd: beta.sd.map((sd) => (Number.isFinite(sd) ? sd : 1)) };
  const labels = columns.map(({ label }) => label);
  const keepBeta = keep('beta', coefficients, (k) => isProperCoefficient(beta, k));
  steps.push((s) => {
    drawCoefficients(stood, labels, rng, coefficients);
    keepBeta(s);
  });
  const { threshold } = priors;
  if (threshold) {
    const values = new Float64Array(variables.get('threshold')?.length ?? 0);
    // About the means of columns with flat priors they have none either.
    const proper = threshold.about?.every((weight, k) => weight === 0 || isProperCoefficient(beta, k)) ?? true;
    const keepThresholds = keep('threshold', values, () => proper);
    steps.push((s) => {
      drawThresholds(threshold, coefficients, rng, values);
      keepThresholds(s);
    });
  }
  groupTerms.forEach((term, f) => {
    const tau = new Float64Array(term.q);
    const corr = new Float64Array(variables.get(`corr_${term.factor}`)?.length ?? 0);
    const own = priors.groups[f]!;
    /** Sds and correlations about the means are proper on the columns as written together alone. */
    const tied = own.map((prior) => prior.kind === 'separation' && prior.about && !prior.tau.every(isProper));
    const proper = term.blocks.flatMap(({ size }, b) => {
      const prior = own[b]!;
      return Array.from(
        { length: size },
        (_, k) => !tied[b] && (prior.kind !== 'separation' || isProper(prior.tau[k]!)),
      );
    });
    const pairs = correlationPairs(term.blocks);
    const drawCovariances = covarianceDraw(term, own.map(properBlock), rng, tau, corr);
    const keepTau = keep(`tau_${term.factor}`, tau, (k) => proper[k]!);
    const keepCorr = keep(`corr_${term.factor}`, corr, (pair) => !tied[pairs[pair]!.block]);
    steps.push((s) => {
      drawCovariances();
      keepTau(s);
      keepCorr(s);
    });
  });
  if (sigma && isProper(sigma)) {
    // An sd for each occasion, where they have sds of their own.
    const value = new Float64Array(variables.get('sigma')?.length ?? 1);
    const keepSigma = keep('sigma', value, () => true);
    steps.push((s) => {
      for (let t = 0; t < value.length; t += 1) value[t] = drawScale(sigma, 'sigma', rng);
      keepSigma(s);
    });
  }
  if (parameter) {
    const prior = priors[parameter]!;
    const value = new Float64Array(1);
    const keepOwn = keep(parameter, value, () => true);
    steps.push((s) => {
      value[0] = drawParameter(prior, LEAST[parameter], rng);
      keepOwn(s);
    });
  }
  for (let s = 0; s < count; s += 1) for (const step of steps) step(s);
  return found;
}

/** Whether coefficient k and all that its prior's combination leads to have normal priors. */
function isProperCoefficient({ sd, combinations }: CoefficientPriors, k: number): boolean {
  const p = sd.length;
  const reached = new Set([k]);
  for (const c of reached) {
    if (!Number.isFinite(sd[c]!)) return false;
    for (let l = 0; combinations && l < p; l += 1) if (combinations[c * p + l] !== 0) reached.add(l);
  }
  return true;
}

function isProper(prior: ScalePrior): boolean {
  if (prior.distribution === 'flat') return false;
  return prior.distribution !== 'inverseGamma' || (prior.shape > 0 && prior.scale > 0);
}

function properBlock(prior: BlockPrior): BlockPrior {
  return prior.kind === 'separation' ? { ...prior, tau: prior.tau.map((tau) => (isProper(tau) ? tau : ANY)) } : prior;
}
