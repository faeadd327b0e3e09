import { studentQuantile, studentTwoSided } from '../../special/distributionFunctions.ts';
import { studentizedRangeCdf, studentizedRangeQuantile } from '../../special/studentizedRange.ts';

/**
 * How p-values and intervals of several differences allow for their number. 'tukey': the studentized range of the means
 * (exact for independent means of one precision, near it for others: the Tukey-Kramer method); 'bonferroni': times
 * their number; 'holm': step-down Bonferroni, whose intervals are Bonferroni's; 'none'.
 */
export type Adjustment = 'tukey' | 'holm' | 'bonferroni' | 'none';

/** A t statistic and its degrees of freedom. */
export interface TestedDifference {
  readonly t: number;
  readonly df: number;
}

/**
 * Two-sided p-values and quantiles of the intervals (times se) of all pairs of `means` means (Hochberg & Tamhane 1987,
 * chapters 2 and 3; Holm 1979).
 */
export function adjusted(
  tests: readonly TestedDifference[],
  means: number,
  adjust: Adjustment,
  level: number,
): { readonly pValue: number; readonly quantile: number }[] {
  const m = tests.length;
  const raw = tests.map(({ t, df }) => studentTwoSided(t, df));
  const bonferroni = (df: number): number => studentQuantile(1 - (1 - level) / (2 * m), df);
  switch (adjust) {
    case 'none':
      return tests.map(({ df }, a) => ({ pValue: raw[a]!, quantile: studentQuantile((1 + level) / 2, df) }));
    case 'bonferroni':
      return tests.map(({ df }, a) => ({ pValue: Math.min(1, m * raw[a]!), quantile: bonferroni(df) }));
    case 'holm': {
      const order = raw.map((_, a) => a).sort((a, b) => raw[a]! - raw[b]!);
      const p = new Float64Array(m);
      let largest = 0;
      order.forEach((a, rank) => {
        largest = Math.max(largest, Math.min(1, (m - rank) * raw[a]!));
        p[a] = largest;
      });
      return tests.map(({ df }, a) => ({ pValue: p[a]!, quantile: bonferroni(df) }));
    }
    case 'tukey': {
      const known = new Map<number, number>();
      return tests.map(({ t, df }) => {
        // Differences of one error have degrees of freedom that are equal but for rounding.
        const key = Number(df.toPrecision(8));
        let quantile = known.get(key);
        if (quantile === undefined) {
          quantile = studentizedRangeQuantile(level, means, key) / Math.SQRT2;
          known.set(key, quantile);
        }
        const pValue = Number.isNaN(t) ? t : 1 - studentizedRangeCdf(Math.abs(t) * Math.SQRT2, means, df);
        return { pValue: Math.max(0, pValue), quantile };
      });
    }
  }
}
