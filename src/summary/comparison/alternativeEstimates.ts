import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { gaussian } from '../../families/gaussian.ts';
import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import type { LikelihoodMethod } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { scalePriorText } from '../../priors/priorShape.ts';
import { drawMean } from '../drawSummary.ts';
import { betaDraws } from '../groupDraws.ts';
import { rowInformation } from '../pooling/rowInformation.ts';
import { type LikelihoodEstimates, likelihoodEstimates } from './likelihoodEstimates.ts';
import { priorCoefficient } from './priorQuantities.ts';

/** Estimates of the same model by something that the other fit left out. */
export interface Alternative {
  /** The sentence that names it, to be followed by its estimate. */
  readonly text: string;
  /** Whether it bears on population-level coefficients, too. */
  readonly coefficients: boolean;
  /** Flat name of the coefficient that is held at its posterior mean, where one is. */
  readonly held?: string;
  /** Fitted when first asked for; null where it cannot be. */
  estimates(): LikelihoodEstimates | null;
}

/** Points of adaptive quadrature beside Laplace's one. */
const POINTS = 25;

/**
 * What else a likelihood fit of this model could have done, to be tried as the reason why it and the posterior part:
 * REML beside ML, quadrature beside Laplace's approximation, of Student-t rows a fit with each row at the weight the
 * model gives it, and, where the prior of a coefficient keeps it more than a standard error from its estimate, the fit
 * of everything else with that coefficient at its posterior mean.
 */
export function alternativeEstimates(fit: Fit, estimates: LikelihoodEstimates): Alternative[] {
  const { design } = fit;
  const { method } = estimates;
  const { conjugate } = familyOf(design);
  const alternatives: Alternative[] = [];
  if (conjugate === 'normal' && method === 'ML') {
    const text = 'ML takes no account of the estimation of the coefficients; REML does, and gives';
    alternatives.push({ text, coefficients: false, estimates: once(() => refitted(design, 'REML')) });
  }
  const scalar = design.groupTerms.length === 1 && design.groupTerms[0]!.q === 1;
  if (method === 'laplace' && scalar) {
    const text = `Laplace's approximation: adaptive quadrature with ${POINTS} points gives`;
    alternatives.push({ text, coefficients: true, estimates: once(() => refitted(design, 'agq', POINTS)) });
  }
  if (conjugate === 'scaleMixture' && (method === 'ML' || method === 'REML')) {
    const text = `the estimates are of normal rows, which outliers move; with each row at the weight the Student-t model gives it ${method} gives`;
    const weighted = (): LikelihoodEstimates => {
      const response = { ...design.response, family: gaussian.name, weights: rowInformation(fit) };
      return refitted({ ...design, response }, method);
    };
    alternatives.push({ text, coefficients: true, estimates: once(weighted) });
  }
  if (method === 'ML' || method === 'REML') alternatives.push(...heldCoefficients(fit, estimates, method));
  return alternatives;
}

function heldCoefficients(fit: Fit, { beta }: LikelihoodEstimates, method: LikelihoodMethod): Alternative[] {
  const { design, priors } = fit;
  if (familyOf(design).conjugate !== 'normal') return [];
  return design.columns.flatMap(({ label }, c): Alternative[] => {
    const row = beta[c] ?? null;
    const mean = drawMean(betaDraws(fit, c));
    // A default prior is of a combination of coefficients, and no value of one of them.
    if (
      row?.se == null ||
      priorCoefficient(fit, c).where !== '' ||
      !Number.isFinite(priors.beta.sd[c]!) ||
      !(Math.abs(mean - row.estimate) > row.se)
    )
      return [];
    const held = `beta[${label}]`;
    const mixture = priors.beta.mixtures?.[c];
    const prior = mixture ? scalePriorText(mixture) : `normal(${priors.beta.mean[c]}, ${priors.beta.sd[c]})`;
    const text = `weight of the prior ${prior} of ${held}: with ${held} at its posterior mean ${Number(mean.toPrecision(3))} ${method} gives`;
    return [{ text, held, coefficients: true, estimates: once(() => withHeld(design, c, mean, method)) }];
  });
}

/** The estimates of a design with coefficient c held at a value: its column goes into the offset. */
function withHeld(design: Design, c: number, value: number, method: LikelihoodMethod): LikelihoodEstimates {
  const { n, p, X, columns, response, groupTerms } = design;
  const others = columns.flatMap((_, k) => (k === c ? [] : [k]));
  const offset = Float64Array.from({ length: n }, (_, i) => (response.offset?.[i] ?? 0) + value * X[i * p + c]!);
  const rest: Design = {
    ...design,
    p: p - 1,
    columns: others.map((k) => columns[k]!),
    X: Float64Array.from({ length: n * (p - 1) }, (_, at) => X[Math.floor(at / (p - 1)) * p + others[at % (p - 1)]!]!),
    response: { ...response, offset },
    groupTerms: groupTerms.map((term) => ({
      ...term,
      level2: { ...term.level2, columns: term.level2.columns.map((k) => (k === c ? -1 : k > c ? k - 1 : k)) },
    })),
  };
  const found = refitted(rest, method);
  return { ...found, beta: columns.map((_, k) => (k === c ? null : found.beta[others.indexOf(k)]!)) };
}

function refitted(design: Design, method: LikelihoodMethod, points?: number): LikelihoodEstimates {
  return likelihoodEstimates(design, fitDesign(design, method, undefined, points));
}

function once(make: () => LikelihoodEstimates): () => LikelihoodEstimates | null {
  let found: LikelihoodEstimates | null | undefined;
  return () => {
    if (found !== undefined) return found;
    try {
      found = make();
    } catch (error) {
      // What cannot be fitted explains nothing.
      if (!(error instanceof ModelError)) throw error;
      found = null;
    }
    return found;
  };
}
