/** What a finding is about. Stable: programs may switch on it. */
export type FindingCode =
  | 'rhat'
  | 'essBulk'
  | 'essTail'
  | 'stuckChain'
  | 'constant'
  | 'notConstant'
  | 'nonFinite'
  | 'tooShort'
  | 'negativeScale'
  | 'boundary'
  | 'missedMode'
  | 'heldCorrelation'
  | 'excludesEstimate'
  | 'priorOnly'
  | 'nearPrior'
  | 'notApart'
  | 'singleChain'
  | 'divergent'
  | 'energy'
  | 'treeDepth';

/** One thing that `check` found. */
export interface Finding {
  /** Name of the variable; '*' for the draws as a whole. */
  readonly variable: string;
  readonly code: FindingCode;
  /** A problem makes the verdict false; a note is information. */
  readonly severity: 'problem' | 'note';
  /** For R-hat and ESS: whether the run is too short or the chains mix badly. */
  readonly cause?: 'fewDraws' | 'badMixing';
  /** A sentence with the variable, the number, the threshold and its source, and what to do next. */
  readonly message: string;
  readonly value: number;
  readonly threshold: number;
}

/** Where the thresholds of R-hat and ESS come from. */
export const THRESHOLD_SOURCE = 'Vehtari et al. 2021';

/**
 * A number that is said to be above or below a threshold: four significant digits, and more until it does not read as
 * the threshold itself.
 */
export function numberBeside(value: number, threshold: number): string {
  if (value === threshold || !Number.isFinite(value)) return number(value);
  for (let figures = 4; figures < 17; figures++) {
    const text = figures === 4 ? number(value) : String(Number(value.toPrecision(figures)));
    if (Number(text) > threshold === value > threshold && Number(text) !== threshold) return text;
  }
  return String(value);
}

/** A number for a message: four significant digits, whole numbers in full. */
export function number(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(Math.abs(value) >= 1000 ? 5 : 4)));
}
