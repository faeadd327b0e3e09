import type { Design } from '../design/design.ts';
import type { GroupEstimates } from './maximumLikelihoodFit.ts';

/**
 * One sentence for each covariance that was estimated on the boundary; `ranks` are those of the blocks, factor by
 * factor.
 */
export function boundarySentences(
  design: Design,
  groups: readonly GroupEstimates[],
  ranks: readonly number[],
): string[] {
  const sentences: string[] = [];
  let next = 0;
  design.groupTerms.forEach((term, f) => {
    const { tau, corr, pairs, labels } = groups[f]!;
    for (const { start, size } of term.blocks) {
      const rank = ranks[next++]!;
      const inside = Array.from({ length: size }, (_, k) => start + k);
      const varying = inside.filter((k) => tau[k]! > 0);
      for (const k of inside) {
        if (tau[k] !== 0) continue;
        sentences.push(
          `${term.factor}: the sd of ${labels[k]} is estimated as 0, the boundary: this variation among levels cannot be told from none.`,
        );
      }
      if (rank >= varying.length) continue;
      const perfect = pairs.flatMap(([k, l], at) =>
        k >= start && l < start + size && Math.abs(corr[at]!) === 1 ? [at] : [],
      );
      for (const at of perfect) {
        const [k, l] = pairs[at]!;
        sentences.push(
          `${term.factor}: the correlation of ${labels[k]} and ${labels[l]} is estimated as ${corr[at]}, the boundary: the data do not tell the two variations apart.`,
        );
      }
      if (perfect.length === 0) {
        sentences.push(
          `${term.factor}: the covariance of ${varying.map((k) => labels[k]).join(', ')} is estimated with rank ${rank} of ${varying.length}, the boundary: some combination of them does not vary.`,
        );
      }
    }
  });
  return sentences;
}
