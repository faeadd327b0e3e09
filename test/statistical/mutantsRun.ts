import { calibration, uniformity } from './calibration.ts';
import { jointCases } from './jointCases.ts';
import { jointDistribution } from './jointDistribution.ts';
import { jointBound } from './jointRun.ts';
import { mutantCalibrationCases } from './mutantCases.ts';
import { type Mutant, mutants } from './mutants.ts';

/** Where and at what length a mutant is looked for. */
export interface MutantTrial {
  readonly mutant: Mutant;
  /** Name of a case of `mutantCalibrationCases`. */
  readonly calibrated: string;
  readonly dataSets: number;
  /** Name of a case of `jointCases`. */
  readonly joint: string;
  readonly starts: number;
  readonly steps: number;
  /** Calibration takes so long that `npm run mutants` alone has it; the other test finds this mutant in a second. */
  readonly dear?: boolean;
}

/**
 * One bound for the right kernels and the broken ones: 1% over about 150 ranked quantities, and over about 200 means.
 */
export const RANK_BOUND = 0.01 / 150;
export const Z_BOUND = jointBound(200);
const SEED = 20260705;

const byName = (name: string): Mutant => mutants.find((each) => each.name === name)!;

export const mutantTrials: readonly MutantTrial[] = [
  {
    mutant: byName('wrong degrees of freedom'),
    calibrated: 'regression on few rows',
    dataSets: 50,
    joint: 'q = 2, Huang & Wand, sigma half-t',
    starts: 100,
    steps: 20,
  },
  {
    mutant: byName('forgotten Jacobian'),
    calibrated: 'three groups of one row',
    dataSets: 100,
    dear: true,
    joint: 'q = 1, half-t, sigma half-normal',
    starts: 200,
    steps: 20,
  },
  {
    mutant: byName('wrong scale'),
    calibrated: 'rare successes',
    dataSets: 30,
    joint: 'logit, rare events, crossed factors',
    starts: 200,
    steps: 10,
  },
];

/** The smallest p-value of the ranks, with the kernels right or broken. */
export function calibratedP({ mutant, calibrated, dataSets }: MutantTrial, broken: boolean): number {
  const { rule, change } = mutant;
  const pace = { draws: 49, thin: rule === 'gibbs' ? 10 : 5, warmup: 50 };
  const options = { rule, dataSets, ...pace, seed: SEED, change: broken ? change : undefined };
  return Math.min(...uniformity(calibration(mutantCalibrationCases[calibrated]!, options)).map(({ p }) => p));
}

/** The largest |z| of the joint-distribution test, with the kernels right or broken. */
export function jointZ({ mutant, joint, starts, steps }: MutantTrial, broken: boolean): number {
  const given = jointCases.find(({ name }) => name === joint)!;
  const mutation = broken ? mutant.mutation : undefined;
  const results = jointDistribution(given, { rule: mutant.rule, starts, steps, seed: SEED, mutation });
  return Math.max(...results.map(({ z }) => Math.abs(z)));
}
