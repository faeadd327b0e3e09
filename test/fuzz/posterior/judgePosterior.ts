import { ModelError } from '../../../src/errors.ts';
import { formula } from '../../../src/formula/formula.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { posteriorTruth } from '../../oracle/posterior/posteriorTruth.ts';
import { worth } from '../../oracle/posterior/truthMeasures.ts';
import { comparePosterior, type Difference } from './comparePosterior.ts';
import type { RandomModel } from './randomModel.ts';

/** What came of one model. */
export type Outcome =
  /** Every number within Monte Carlo error of the truth, and the check says that the draws pass. */
  | 'right'
  /** The check says that the draws pass, and no oracle was asked. */
  | 'passed'
  /** The check says that the draws are not to be trusted. */
  | 'not trusted'
  /** The check says that the draws pass, and they are wrong, by two runs of the oracle. */
  | 'SILENT FAULT'
  /** A sentence before anything was sampled. */
  | 'refused'
  /** An exception that is no answer. */
  | 'CRASH'
  /** The oracle's replicates do not agree, so that nothing can be said. */
  | 'undecided';

export interface Judgement {
  readonly outcome: Outcome;
  /** The worst first. */
  readonly differences: readonly Difference[];
  /** Codes of the check's problems, the sentence of a refusal, or the oracle's evidences. */
  readonly note: string;
}

/** Log evidences of the oracle's replicates that may lie apart before it is doubted. */
const EVIDENCE_APART = 1.5;
/** Independent draws that the oracle must be worth. */
const LEAST_WORTH = 60;

export interface JudgeOptions {
  /** The rule of kernels. Default auto. */
  readonly kernels?: string;
  /** Particles of the oracle's first run; the second takes more. */
  readonly particles?: number;
  /** Of each of four chains. Default 1000 each. */
  readonly warmup?: number;
  readonly iterations?: number;
  /** Whether the oracle is asked about draws that pass. Default true. */
  readonly oracle?: boolean;
}

/** Samples a model (4 x 1000 unless said otherwise) and holds it to the oracle, again where they differ. */
export function judgePosterior(
  random: RandomModel,
  { kernels = 'auto', particles, warmup = 1000, iterations = 1000, oracle = true }: JudgeOptions = {},
): Judgement {
  let fit: ReturnType<typeof sampleSync>;
  let verdict: ReturnType<typeof check>;
  try {
    fit = sampleSync(
      formula(random.formula, random.options),
      { rows: random.rows },
      { seed: 1 + random.seed, kernels, warmup, iterations },
    );
    verdict = check(fit);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof ModelError) return { outcome: 'refused', differences: [], note: `${error.code}: ${message}` };
    return { outcome: 'CRASH', differences: [], note: message };
  }
  const problems = verdict.findings.filter(({ severity }) => severity === 'problem').map(({ code }) => code);
  if (!verdict.ok) return { outcome: 'not trusted', differences: [], note: [...new Set(problems)].join(' ') };
  if (!oracle) return { outcome: 'passed', differences: [], note: '' };
  const model = random.oracle();
  try {
    // Where an evaluation of the likelihood is dear, the first look is in one coordinate system.
    const method = model.family === 'gaussian' ? undefined : 'centred';
    const first = comparePosterior(fit, model, posteriorTruth(model, { seed: 5, particles, method }));
    if (first.length === 0) return { outcome: 'right', differences: [], note: '' };
    // Again with another seed and more of it, so that the oracle's chance is not taken for a fault.
    const more = { gaussian: 2000, studentT: 4000 }[model.family as string] ?? 700;
    let truth = posteriorTruth(model, { seed: 991, particles: more, replicates: 4 });
    let differences = comparePosterior(fit, model, truth);
    if (
      (differences.length > 0 || worth(truth) < LEAST_WORTH) &&
      (model.family === 'binomialLogit' || model.family === 'bernoulliProbit')
    ) {
      // The particles' likelihood is an estimate, which a response that splits its groups makes a poor one: chains with
      // latent variables have no such error.
      truth = posteriorTruth(model, { seed: 77, method: 'augmented', particles: 2000, replicates: 6 });
      differences = comparePosterior(fit, model, truth);
    }
    if (worth(truth) < LEAST_WORTH)
      return { outcome: 'undecided', differences, note: `oracle ${truth.method} moves too little` };
    if (differences.length === 0) return { outcome: 'right', differences: [], note: '' };
    const evidence =
      truth.method === 'augmented' ? [] : (truth.logEvidence[truth.method === 'grid' ? 'centred' : truth.method] ?? []);
    const apart = evidence.length > 0 && Math.max(...evidence) - Math.min(...evidence) > EVIDENCE_APART;
    const rounded = Object.entries(truth.logEvidence).map(([at, list]) => `${at} ${list.map((v) => v.toFixed(2))}`);
    const note = `oracle ${truth.method}, log evidence ${rounded.join('; ')}`;
    return { outcome: apart ? 'undecided' : 'SILENT FAULT', differences, note };
  } catch (error) {
    return { outcome: 'undecided', differences: [], note: error instanceof Error ? error.message : String(error) };
  }
}
