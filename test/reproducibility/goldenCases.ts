import { parseCsv } from '../../src/data/csv.ts';
import type { ModelData } from '../../src/data/frame.ts';
import { Fnv1a } from '../../src/files/fingerprint.ts';
import { toJson } from '../../src/files/toJson.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { inverseGamma } from '../../src/graph/priors.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { type SampleOptions, sampleSync } from '../../src/mcmc/sampleSync.ts';

/** A model whose fit file is known to the last byte: its data are a file of test/fixtures/data. */
export interface GoldenCase {
  readonly name: string;
  readonly file: string;
  readonly formula: string;
  readonly options?: FormulaOptions;
  readonly kernels?: string;
}

const binomial: FormulaOptions = { family: 'binomial' };
const contraception = 'use ~ age + urban + (1 + urban | district)';

/**
 * One case for each family and each rule of kernels, and for the shapes of model that take different ways through the
 * code.
 */
export const goldenCases: readonly GoldenCase[] = [
  { name: 'complete pooling', file: 'radon_arm.csv', formula: 'log_radon ~ floor + log_uranium' },
  { name: 'varying intercepts', file: 'radon_arm.csv', formula: 'log_radon ~ floor + (1 | county)' },
  {
    name: 'varying slopes, level-2 predictor',
    file: 'radon_arm.csv',
    formula: 'log_radon ~ floor * log_uranium + (1 + floor | county)',
  },
  { name: 'the same by Gibbs', file: 'radon_arm.csv', formula: 'log_radon ~ floor + (1 | county)', kernels: 'gibbs' },
  {
    name: 'three covarying terms',
    file: 'exam.csv',
    formula: 'normexam ~ standLRT + sex + (1 + standLRT + sex | school)',
  },
  { name: 'crossed factors', file: 'penicillin.csv', formula: 'diameter ~ 1 + (1 | plate) + (1 | sample)' },
  { name: 'nested factors', file: 'pastes.csv', formula: 'strength ~ 1 + (1 | batch/cask)' },
  { name: 'known standard errors', file: 'eight_schools.csv', formula: 'y | se(sigma) ~ 1 + (1 | school)' },
  {
    name: 'eight groups, inverse-gamma priors',
    file: 'oneway_tiny.csv',
    formula: 'y ~ 1 + (1 | group)',
    options: { priors: { sigma: inverseGamma(1, 1), tau_group: inverseGamma(1, 1) } },
  },
  {
    name: 'Student-t rows',
    file: 'sleepstudy.csv',
    formula: 'Reaction ~ Days + (1 + Days | Subject)',
    options: { family: 'student' },
  },
  { name: 'logit, whitened', file: 'contraception.csv', formula: contraception, options: binomial },
  {
    name: 'logit, Pólya-Gamma',
    file: 'contraception.csv',
    formula: contraception,
    options: binomial,
    kernels: 'polyaGamma',
  },
  {
    name: 'counted successes',
    file: 'cbpp.csv',
    formula: 'incidence | trials(size) ~ period + (1 | herd)',
    options: binomial,
  },
  {
    name: 'probit, Albert and Chib',
    file: 'contraception.csv',
    formula: 'use ~ age + urban + (1 | district)',
    options: { family: 'probit' },
    kernels: 'albertChib',
  },
  {
    name: 'counts, negative binomial',
    file: 'ovary.csv',
    formula: 'follicles ~ sin(2 * pi * Time) + cos(2 * pi * Time) + (1 | Mare)',
    options: { family: 'negbinomial' },
  },
  {
    name: 'ordered answers',
    file: 'ces11.csv',
    formula: 'importance ~ gender + urban + (1 | province)',
    options: { family: 'ordinal', levels: ['not', 'notvery', 'somewhat', 'very'] },
  },
  {
    name: 'residuals of order one, their sd by terms',
    file: 'orthodont.csv',
    formula: 'distance ~ age + (1 | Subject)',
    options: { residual: 'ar1(age | Subject)', sigma: '~ Sex' },
  },
];

/** What a golden fit is asked for. */
type GoldenOptions = Required<Pick<SampleOptions, 'chains' | 'warmup' | 'iterations' | 'seed'>> &
  Pick<SampleOptions, 'kernels'>;

const SIZE = { chains: 2, warmup: 50, iterations: 50, seed: 20260801 };

/** The data of a case and the options of its fit. `read` gives the text of a fixture. */
export function goldenInput(
  given: GoldenCase,
  read: (file: string) => string,
): { model: ModelGraph; data: ModelData; options: GoldenOptions } {
  const rows = parseCsv(read(given.file), given.file);
  const kernels = given.kernels === undefined ? {} : { kernels: given.kernels };
  return { model: formula(given.formula, given.options), data: { rows }, options: { ...SIZE, ...kernels } };
}

/** FNV-1a, 64 bits, of the UTF-16 code units of a fit file without its times. */
export function fitHash(fit: Fit): string {
  const hash = new Fnv1a();
  // The checksum follows from the rest, and the number of the layout says that there is one: hashes from before are
  // still those of the draws.
  const text = toJson(fit, { times: false })
    .replace(/,"checksum":"[0-9a-f]{16}"/, '')
    .replace('"partial_pooling":{"schema":2', '"partial_pooling":{"schema":1');
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    hash.byte(unit);
    hash.byte(unit >>> 8);
  }
  return hash.digest();
}

/** The hash of every case, by name. */
export function goldenHashes(read: (file: string) => string): Record<string, string> {
  return Object.fromEntries(
    goldenCases.map((given) => {
      const { model, data, options } = goldenInput(given, read);
      return [given.name, fitHash(sampleSync(model, data, options))];
    }),
  );
}
