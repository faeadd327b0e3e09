import type { Reference } from './agreement.ts';

interface Row {
  readonly variable: string;
  readonly mean: number;
  readonly sd: number;
  readonly mcse_mean: number;
  readonly mcse_sd: number;
}

/** A reference fit of another engine. */
export interface Engine {
  readonly key: readonly Row[];
  /** Deviations from the population part (Stan). */
  readonly b?: readonly Row[];
  /** Whole group coefficients (JAGS). */
  readonly bb?: readonly Row[];
}

/** The reference's names in ours: its `sd` is our tau, its `b` our u, its `bb` our b. */
export function referenceOf({ key, b = [], bb = [] }: Engine, factor: string, terms: readonly string[]): Reference[] {
  const label = (text: string): string => text.replace('(Intercept)', 'Intercept');
  const rename = (variable: string): string => {
    if (variable.startsWith('sd[')) return `tau_${factor}[${label(variable.slice(3))}`;
    if (variable === 'corr') return `corr_${factor}[${terms.join(',')}]`;
    if (variable.startsWith('corr[')) return `corr_${factor}[${label(variable.slice(5))}`;
    if (variable.startsWith('bb[')) return `b_${factor}[${label(variable.slice(3))}`;
    if (variable.startsWith('b[')) return `u_${factor}[${label(variable.slice(2))}`;
    return label(variable);
  };
  return [...key, ...b, ...bb].map((row) => ({
    name: rename(row.variable),
    mean: row.mean,
    sd: row.sd,
    mcseMean: row.mcse_mean,
    mcseSd: row.mcse_sd,
  }));
}
