import { ModelError, type ModelFit, varCorr } from '../../../src/index.ts';
import { plotPoolingPath } from '../../../src/plots/index.ts';
import type { Path } from '../protocol.ts';
import type { GroupFacts } from './groupFacts.ts';

/**
 * Coefficients of all groups while the spread between them is held: those that the picture of the pooling path draws.
 */
export function path(fit: ModelFit, facts: GroupFacts | null): Path {
  if (!facts || fit.kind !== 'mcmc')
    throw new ModelError('no-draws', 'path', 'the spread can be held once there are posterior draws');
  const coefficients: Record<string, number[]> = {};
  const tau = new Set<number>();
  for (const row of plotPoolingPath(fit, facts.factor).rows) {
    tau.add(Number(row['tau']));
    const level = String(row['level']);
    if (!Object.hasOwn(coefficients, level)) coefficients[level] = [];
    coefficients[level]!.push(Number(row['coefficient']));
  }
  const estimate =
    varCorr(fit).find(
      ({ factor, term1, term2 }) => factor === facts.factor && term1 === facts.terms[0] && term2 === null,
    )?.sd ?? 0;
  return { tau: [...tau], estimate, coefficients };
}
