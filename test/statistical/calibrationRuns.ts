import {
  betaBinomialCalibrationCases,
  logitCalibrationCases,
  negativeBinomialCalibrationCases,
  ordinalCalibrationCases,
  poissonCalibrationCases,
  probitCalibrationCases,
} from './calibrationCountCases.ts';
import {
  crossedCalibrationCases,
  gaussianCalibrationCases,
  structuredCalibrationCases,
} from './calibrationGaussianCases.ts';
import { studentCalibrationCases } from './calibrationStudentCases.ts';
import type { ModelCase } from './modelCase.ts';

/** One case with one choice of kernels, and the pace of its chains. */
export interface CalibrationRun {
  readonly given: ModelCase;
  readonly rule: string;
  /** Iterations from one ranked draw to the next, so that they are nearly independent. */
  readonly thin: number;
  readonly warmup: number;
}

function cross(
  cases: readonly ModelCase[],
  rules: readonly { readonly rule: string; readonly thin: number; readonly warmup: number }[],
): CalibrationRun[] {
  return cases.flatMap((given) => rules.map((pace) => ({ given, ...pace })));
}

/**
 * Every family with every choice of kernels that takes it. Another family is another line. Gibbs draws hang together,
 * so they are further apart.
 */
const families: Readonly<Record<string, readonly CalibrationRun[]>> = {
  gaussian: cross(gaussianCalibrationCases, [
    { rule: 'marginal', thin: 4, warmup: 50 },
    { rule: 'gibbs', thin: 20, warmup: 300 },
  ]),
  logit: cross(logitCalibrationCases, [
    { rule: 'whitened', thin: 8, warmup: 100 },
    { rule: 'polyaGamma', thin: 8, warmup: 100 },
  ]),
  probit: cross(probitCalibrationCases, [
    { rule: 'whitened', thin: 8, warmup: 100 },
    { rule: 'albertChib', thin: 10, warmup: 100 },
  ]),
  student: cross(studentCalibrationCases, [{ rule: 'scaleMixture', thin: 10, warmup: 100 }]),
  poisson: cross(poissonCalibrationCases, [{ rule: 'whitened', thin: 8, warmup: 100 }]),
  negativeBinomial: cross(negativeBinomialCalibrationCases, [{ rule: 'whitened', thin: 8, warmup: 100 }]),
  crossed: cross(crossedCalibrationCases, [{ rule: 'crossed', thin: 6, warmup: 100 }]),
  ordinal: cross(ordinalCalibrationCases, [{ rule: 'whitened', thin: 8, warmup: 100 }]),
  structured: cross(structuredCalibrationCases, [{ rule: 'structured', thin: 4, warmup: 50 }]),
  betaBinomial: cross(betaBinomialCalibrationCases, [{ rule: 'whitened', thin: 8, warmup: 100 }]),
};

/** Every run, family by family: its place in this list fixes its seed. */
export const calibrationRuns: readonly CalibrationRun[] = Object.values(families).flat();

/** The places of every family's runs in `calibrationRuns`. */
export function runsByFamily(): Map<string, number[]> {
  let next = 0;
  return new Map(Object.entries(families).map(([family, runs]) => [family, runs.map(() => next++)]));
}

/** `case, rule`: the name of a run. */
export function runName({ given, rule }: CalibrationRun): string {
  return `${given.name}, ${rule}`;
}

/** The run of a case by name and rule. */
export function calibrationRun(name: string, rule: string): CalibrationRun {
  const found = calibrationRuns.find((run) => run.given.name === name && run.rule === rule);
  if (!found) throw new Error(`there is no calibration of ${name} by ${rule}`);
  return found;
}
