import type { VariableHint } from './chains.ts';
import { type Finding, number } from './finding.ts';
import type { PooledDraws } from './pooledDraws.ts';

/** Numbers (from 1) of the chains whose draws are all equal. */
function stillChains(draws: PooledDraws): number[] {
  const { values, chainCount, drawCount } = draws.unsplit;
  const still: number[] = [];
  for (let c = 0; c < chainCount; c++) {
    const chain = values.subarray(c * drawCount, (c + 1) * drawCount);
    if (chain.every((x) => x === chain[0])) still.push(c + 1);
  }
  return still;
}

/**
 * Findings on chains that stand still, or null when every chain moves. A variable hinted `constant` may stand still at
 * one value in all chains; one that was not is a problem, and so is a single chain that never moves.
 */
export function standstillFindings(draws: PooledDraws, variable: string, hint?: VariableHint): Finding[] | null {
  const { values, chainCount, drawCount } = draws.unsplit;
  const still = stillChains(draws);
  const problem = (code: Finding['code'], message: string, value: number, threshold: number): Finding[] => [
    { variable, code, severity: 'problem', message: `${variable}: ${message}`, value, threshold },
  ];
  const oneValue = values.every((x) => x === values[0]);
  if (hint === 'constant') {
    if (oneValue) return [];
    const different = new Set(values).size;
    return problem(
      'notConstant',
      `takes ${different} values where 1 is expected, since it was declared constant by design. Remove the hint, or look for what changes it.`,
      different,
      1,
    );
  }
  if (drawCount < 2 || still.length === 0) return null;
  if (oneValue) {
    return problem(
      'constant',
      `all ${values.length} draws are ${number(values[0]!)} (0 chains may stand still; R-hat and ESS are not defined). If it is constant by design, say so (hint: 'constant'); if not, every chain is stuck: no update is accepted or the variable is not updated at all.`,
      chainCount,
      0,
    );
  }
  const at = still.map((c) => number(values[(c - 1) * drawCount]!)).join(', ');
  return problem(
    'stuckChain',
    `chain ${still.join(', ')} never moves from ${at} while the draws elsewhere differ (0 stuck chains are acceptable). Look at its initial values and its acceptance rate, and run it again; dropping it would hide the fault.`,
    still.length,
    0,
  );
}
