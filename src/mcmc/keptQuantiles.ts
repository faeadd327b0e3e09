import type { ChainCheckpoint } from './chain.ts';
import type { SummaryQuantiles } from './chainSummary.ts';
import { emptyHistograms, poolHistograms } from './dyadicHistograms.ts';

/** Quantiles of the draws of all chains, by variable. */
export type KeptQuantiles = Readonly<Record<string, SummaryQuantiles>>;

/** What `before` has, or nothing, pooled with what chains have drawn since. */
export function pooledQuantiles(
  before: KeptQuantiles | undefined,
  checkpoints: readonly ChainCheckpoint[],
): KeptQuantiles {
  return joinedQuantiles([
    ...(before ? [before] : []),
    ...checkpoints.map(({ summaries = [] }) =>
      Object.fromEntries(summaries.flatMap(({ variable, quantiles }) => (quantiles ? [[variable, quantiles]] : []))),
    ),
  ]);
}

/** Those of several fits in one. */
export function joinedQuantiles(parts: readonly KeptQuantiles[]): KeptQuantiles {
  const all = new Map<string, SummaryQuantiles>();
  for (const part of parts) {
    for (const [variable, { deviations, coefficients }] of Object.entries(part)) {
      const streams = deviations.exponent.length;
      const own = all.get(variable) ?? {
        deviations: emptyHistograms(streams),
        coefficients: emptyHistograms(streams),
      };
      poolHistograms(own.deviations, deviations);
      poolHistograms(own.coefficients, coefficients);
      all.set(variable, own);
    }
  }
  return Object.fromEntries(all);
}

/** Checkpoints as a fit holds them: quantiles are of all chains together. */
export function withoutQuantiles(checkpoints: readonly ChainCheckpoint[]): readonly ChainCheckpoint[] {
  return checkpoints.map((checkpoint) =>
    checkpoint.summaries
      ? { ...checkpoint, summaries: checkpoint.summaries.map((summary) => ({ ...summary, quantiles: null })) }
      : checkpoint,
  );
}
