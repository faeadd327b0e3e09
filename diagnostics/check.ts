import type { Variable } from './chains.ts';
import { checkOptions } from './checkOptions.ts';
import { essBulkOf, essTailOf } from './ess.ts';
import { type Finding, number, numberBeside, THRESHOLD_SOURCE } from './finding.ts';
import type { PooledDraws } from './pooledDraws.ts';
import { rhatOf } from './rhat.ts';
import { boundaryFindings } from './scaleBoundary.ts';
import { standstillFindings } from './standstill.ts';
import { forEachVariable } from './summarizeDraws.ts';

/** The verdict on a set of draws. */
export interface CheckResult {
  /** False when any finding is a problem; notes leave it true. */
  readonly ok: boolean;
  readonly findings: Finding[];
  /** The thresholds that were used; the default ones where a verdict from elsewhere does not say. */
  readonly thresholds?: Readonly<Required<CheckOptions>>;
}

/** Thresholds of the verdict. */
export interface CheckOptions {
  /** Largest acceptable R-hat. Default 1.01. */
  readonly rhat?: number;
  /** Smallest acceptable bulk and tail ESS per chain. Default 100. */
  readonly essPerChain?: number;
}

/** Draws per chain below which the ESS is not defined. */
const FEWEST_DRAWS = 6;
/** Autocorrelation time in draws from which low ESS is put down to mixing rather than to the length of the run. */
const SLOW_MIXING = 10;

const ESS_CODE = { bulk: 'essBulk', tail: 'essTail' } as const;
const ESS_CONSEQUENCE = {
  bulk: 'means and medians are too noisy and R-hat cannot be relied on',
  tail: 'the ends of intervals are too noisy',
} as const;

/** R-hat and both ESS of draws that are finite and vary in every chain. */
function mixingFindings(draws: PooledDraws, variable: string, options: Required<CheckOptions>): Finding[] {
  const { chainCount, drawCount } = draws.unsplit;
  const findings: Finding[] = [];
  const rhat = rhatOf(draws);
  const ess = { bulk: essBulkOf(draws), tail: essTailOf(draws) };
  const threshold = options.essPerChain * chainCount;
  const smallest = Number.isNaN(ess.tail) ? ess.bulk : Math.min(ess.bulk, ess.tail);
  const slow = !(draws.size / smallest <= SLOW_MIXING);
  const cause = slow ? 'badMixing' : 'fewDraws';
  const needed = Math.ceil((drawCount * threshold) / smallest / 100) * 100;
  const enough = Number.isFinite(needed) && needed > drawCount ? `about ${needed}` : `at least ${2 * drawCount}`;

  if (!(rhat <= options.rhat)) {
    const next = slow
      ? 'The chains have not reached one distribution: look at each chain (trace, rankHistogram), lengthen the warm-up, start from other values, or use a parametrisation or sampler that mixes better; more draws alone seldom help'
      : `The draws are few and only weakly autocorrelated, so this may be chance: run ${enough} draws per chain and check again`;
    findings.push({
      variable,
      code: 'rhat',
      severity: 'problem',
      cause,
      message: `${variable}: R-hat is ${numberBeside(rhat, options.rhat)}, ${Number.isNaN(rhat) ? 'so not known to be at most' : 'above'} ${options.rhat} (${THRESHOLD_SOURCE}). ${next}.`,
      value: rhat,
      threshold: options.rhat,
    });
  }
  for (const name of ['bulk', 'tail'] as const) {
    const value = ess[name];
    if (value >= threshold || (name === 'tail' && Number.isNaN(value))) continue;
    const next = slow
      ? `The draws are strongly autocorrelated (one effective draw in ${number(draws.size / value)}): a parametrisation or sampler that mixes better is worth more than a longer run (${enough} draws per chain)`
      : `The chains are short and only weakly autocorrelated: run ${enough} draws per chain`;
    findings.push({
      variable,
      code: ESS_CODE[name],
      severity: 'problem',
      cause,
      message: `${variable}: ${name} ESS is ${numberBeside(value, threshold)}, below ${threshold} (${options.essPerChain} per chain, ${THRESHOLD_SOURCE}), so ${ESS_CONSEQUENCE[name]}. ${next}.`,
      value,
      threshold,
    });
  }
  return findings;
}

function variableFindings(draws: PooledDraws, variable: Variable, options: Required<CheckOptions>): Finding[] {
  const { name, hint } = variable;
  const { drawCount } = draws.unsplit;
  if (!draws.finite) {
    const value = draws.unsplit.values.reduce((count, x) => count + (Number.isFinite(x) ? 0 : 1), 0);
    return [
      {
        variable: name,
        code: 'nonFinite',
        severity: 'problem',
        message: `${name}: ${value} of ${draws.size} draws are NaN or infinite; none may be. Find the iteration where it starts and what overflows or is undefined there.`,
        value,
        threshold: 0,
      },
    ];
  }
  const standstill = standstillFindings(draws, name, hint);
  if (standstill !== null) return standstill;
  const boundary = hint === 'scale' ? boundaryFindings(draws, name) : [];
  if (drawCount < FEWEST_DRAWS) {
    return [
      ...boundary,
      {
        variable: name,
        code: 'tooShort',
        severity: 'problem',
        cause: 'fewDraws',
        message: `${name}: ${drawCount} draws per chain, fewer than the ${FEWEST_DRAWS} that split-chain ESS needs (two halves of three draws). Run longer chains.`,
        value: drawCount,
        threshold: FEWEST_DRAWS,
      },
    ];
  }
  return [...mixingFindings(draws, name, options), ...boundary];
}

/**
 * A verdict on draws, per variable and overall: R-hat above 1.01, bulk or tail ESS below 100 per chain (both from
 * Vehtari et al. 2021), chains that stand still, non-finite draws, chains too short to judge; `ok` is false when there
 * is any such problem. An sd (`hint: 'scale'`) with its draws piled up at zero, and a run of a single chain, are notes.
 *
 * `hint: 'constant'` says that a quantity is constant by design; without it a constant is reported, since it cannot be
 * told from chains that are all stuck. `cause` tells few draws from bad mixing: 'badMixing' when one effective draw
 * costs more than 10 draws in bulk or tail. Every message names the variable, the number, the threshold with its
 * source, and what to do next.
 *
 * Throws DiagnosticsError `no-variables` for an empty list, and on missing, empty, unequal or non-numeric chains.
 */
export function check(variables: readonly Variable[], options: CheckOptions = {}): CheckResult {
  checkOptions('check', options, { rhat: 'number', essPerChain: 'number' });
  const thresholds = { rhat: options.rhat ?? 1.01, essPerChain: options.essPerChain ?? 100 };
  const findings: Finding[] = [];
  let singleChain = 0;
  forEachVariable(variables, (draws, variable) => {
    if (draws.unsplit.chainCount === 1) singleChain++;
    findings.push(...variableFindings(draws, variable, thresholds));
  });
  if (singleChain > 0) {
    findings.push({
      variable: '*',
      code: 'singleChain',
      severity: 'note',
      message: `${singleChain} of ${variables.length} variables come from a single chain, which can only be compared with itself; chains started apart would show what one chain cannot. Run at least 4 (${THRESHOLD_SOURCE}).`,
      value: 1,
      threshold: 4,
    });
  }
  return { ok: findings.every(({ severity }) => severity === 'note'), findings, thresholds };
}
