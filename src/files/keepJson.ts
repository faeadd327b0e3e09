import type { Sampling } from '../mcmc/fit.ts';
import { KEEP_ALL, type Keep } from '../mcmc/keep.ts';
import { readNamed, readWhole, wrong } from './jsonReader.ts';

/** Whether a fit, or the key `partial_pooling` of a file, has other than all draws. */
export function keepsLess({ thin, keep }: { readonly thin?: unknown; readonly keep?: unknown }): boolean {
  return thin !== undefined || keep !== undefined;
}

/** What a fit keeps, as a plan takes it. */
export function keepOfSampling({ thin = KEEP_ALL.thin, keep: without = KEEP_ALL.without }: Sampling): Keep {
  return { thin, without };
}

/**
 * The keys `thin` and `keep` of a parsed `partial_pooling`, absent where all draws are kept. `factors` are those of its
 * model. Throws `fit-file`.
 */
export function readKeep(
  own: Readonly<Record<string, unknown>>,
  factors: readonly string[],
): Pick<Sampling, 'thin' | 'keep'> {
  const place = 'partial_pooling';
  const thin = Object.hasOwn(own, 'thin') ? readWhole(own['thin'], `${place}.thin`, 2, 1e7) : null;
  const without = Object.hasOwn(own, 'keep') ? Object.entries(readNamed(own['keep'], `${place}.keep`)) : [];
  const keep = without.map(([variable, kept]): [string, 'summary' | false] => {
    if (!factors.some((factor) => variable === `u_${factor}`)) {
      throw wrong(`${place}.keep`, `holds ${JSON.stringify(variable)}, which is no variable of its model`);
    }
    if (kept !== 'summary' && kept !== false) {
      throw wrong(`${place}.keep.${variable}`, `is ${JSON.stringify(kept)}; "summary" or false is expected`);
    }
    return [variable, kept];
  });
  return { ...(thin === null ? {} : { thin }), ...(keep.length > 0 ? { keep: Object.fromEntries(keep) } : {}) };
}
