import { ModelError } from '../../errors.ts';
import { textList } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { quote } from '../../input/quote.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { fUpperTail } from '../../special/distributionFunctions.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { type ContrastTest, estimableCombination, waldContrast } from './contrast.ts';
import type { LinearCombination } from './linearCombination.ts';
import { satterthwaite } from './satterthwaite.ts';

/** A test that several linear combinations of coefficients have the values they are held against, all at once. */
export interface JointContrast {
  /** The hypotheses, joined by `; `. */
  readonly label: string;
  readonly F: number;
  /** How many of the hypotheses are independent. */
  readonly numeratorDf: number;
  /** Infinity where no residual variance is estimated: then numeratorDf F is chi-square. */
  readonly denominatorDf: number;
  readonly pValue: number;
  /** Each hypothesis by itself. */
  readonly rows: readonly ContrastTest[];
}

/** Eigenvalues below this share of the largest are those of hypotheses that follow from the others. */
const DEPENDENT = 1.5e-8;
/** A hypothesis that follows from others may miss what they say by so many of its terms' standard errors. */
const ROUNDING = 1e-6;

/**
 * Wald's F test of several linear hypotheses of population-level coefficients, `floor = 0; uranium = 1` or a list of
 * such texts, as `contrast` reads each: with d = L beta - c and L V L' = P D P', F = sum over its q positive
 * eigenvalues of (P'd)_m^2 / D_m, over q. Each eigenvector has Satterthwaite's degrees of freedom nu_m, and F has E =
 * sum nu_m / (nu_m - 2), 2 E / (E - q), or 2 where a nu_m is no more than 2 (Fai & Cornelius 1996; `contestMD` of
 * lmerTest, Kuznetsova, Brockhoff & Christensen 2017). Throws what `contrast` does, and `contrast` for hypotheses that
 * contradict each other.
 */
export function jointContrast(fit: MaximumLikelihoodFit, hypotheses: string | readonly string[]): JointContrast {
  checkFit('jointContrast', fit, 'maximumLikelihood');
  const combinations = textsOf(hypotheses).map((text) => estimableCombination(text, fit.design));
  const { estimates, vcov } = fit.fixef;
  const r = combinations.length;
  const p = estimates.length;
  const distance = combinations.map(
    ({ weights, against }) => weights.reduce((sum, weight, k) => sum + weight * estimates[k]!, 0) - against,
  );
  const covariance = Float64Array.from({ length: r * r }, (_, at) =>
    between(combinations[Math.floor(at / r)]!.weights, combinations[at % r]!.weights, vcov),
  );
  const { values, vectors } = symmetricEigen(covariance, r);
  const largest = values[r - 1]!;
  const along = (m: number): number => distance.reduce((sum, value, i) => sum + vectors[i * r + m]! * value, 0);
  const kept = [...values.keys()].filter((m) => values[m]! > DEPENDENT * largest);
  for (const m of values.keys()) {
    if (!kept.includes(m) && Math.abs(along(m)) > ROUNDING * Math.sqrt(largest)) throw contradiction(combinations);
  }
  const directions = kept.map((m) =>
    Float64Array.from({ length: p }, (_, k) =>
      combinations.reduce((sum, { weights }, i) => sum + vectors[i * r + m]! * weights[k]!, 0),
    ),
  );
  const dfs = satterthwaite(fit, [...combinations.map(({ weights }) => weights), ...directions]);
  const q = kept.length;
  const F = kept.reduce((sum, m) => sum + along(m) ** 2 / values[m]!, 0) / q;
  const denominatorDf = denominator(dfs.slice(r));
  return {
    label: combinations.map(({ label }) => label).join('; '),
    F,
    numeratorDf: q,
    denominatorDf,
    pValue: fUpperTail(F, q, denominatorDf),
    rows: combinations.map((combination, i) => waldContrast(fit.fixef, combination, dfs[i])),
  };
}

/** The hypotheses of a text, parted by semicolons, or of a list. */
function textsOf(given: unknown): readonly string[] {
  const texts = typeof given === 'string' ? given.split(';') : given;
  if (!textList.accepts(texts) || (texts as readonly string[]).length === 0) {
    const message = `jointContrast: expected hypotheses such as "x = 0; z = 0", or a list of them, not ${quote(given)}`;
    throw new ModelError('contrast', 'jointContrast', message);
  }
  return texts as readonly string[];
}

function contradiction(combinations: readonly LinearCombination[]): ModelError {
  const label = combinations.map((each) => each.label).join('; ');
  const message = `jointContrast ${quote(label)}: the hypotheses contradict each other, whatever the coefficients are; give such as may hold together`;
  return new ModelError('contrast', label, message);
}

/** a'V b. */
function between(a: Float64Array, b: Float64Array, V: ArrayLike<number>): number {
  const p = a.length;
  let sum = 0;
  for (let k = 0; k < p; k++) for (let l = 0; l < p; l++) sum += a[k]! * V[k * p + l]! * b[l]!;
  return sum;
}

/** The degrees of freedom of an F whose q independent squares have those given. */
function denominator(dfs: readonly number[]): number {
  const [first] = dfs;
  if (dfs.every((df) => df === first || Math.abs(df - first!) < 1e-8)) return first!;
  if (dfs.some((df) => !(df > 2))) return 2;
  const E = dfs.reduce((sum, df) => sum + (df === Number.POSITIVE_INFINITY ? 1 : df / (df - 2)), 0);
  return (2 * E) / (E - dfs.length);
}
