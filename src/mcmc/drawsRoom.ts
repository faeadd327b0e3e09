import { ModelError } from '../errors.ts';
import { type Keep, keptDraws, keptVariables } from './keep.ts';
import { layoutSize } from './layout.ts';
import type { Plan } from './plan.ts';
import type { SampleSize } from './sampleSize.ts';

/** Bytes of a draw in memory, and in a fit file: as digits, and as blocks of doubles in base 64. */
const DOUBLE = 8;
const DIGITS = 20;
const BLOCK = 11;

/**
 * Bytes of the two histograms of a quantity and of its means and squares, by chain, with the copies that are made at
 * the end.
 */
const SUMMARY = 1200;

/** The bytes that draws and summaries take in memory when they are kept so. */
export function drawsRoom({ variables, stats }: Plan, { chains, iterations }: SampleSize, keep: Keep): number {
  const scalars = layoutSize(keptVariables(variables, keep).variables) + stats.length;
  const summed = variables.filter(({ name }) => keep.without[name] === 'summary');
  return DOUBLE * scalars * chains * keptDraws(keep, iterations) + SUMMARY * layoutSize(summed) * chains;
}

/**
 * Throws `too-many-draws`, before anything is sampled, where the draws that are kept take more than `limit` bytes: how
 * much they take, in memory and in a file, and what could be kept instead.
 */
export function checkRoom(model: Plan, size: SampleSize, limit: number): void {
  const { variables, keep, kept } = model;
  const needed = drawsRoom(model, size, keep);
  if (needed <= limit) return;
  const { chains, iterations } = size;
  const scalars = layoutSize(kept.variables);
  const written = scalars * chains * keptDraws(keep, iterations);
  const deviations = kept.variables.filter(({ name }) => name.startsWith('u_')).map(({ name }) => name);
  const without = { ...keep.without, ...Object.fromEntries(deviations.map((name) => [name, 'summary' as const])) };
  const summed = drawsRoom(model, size, { ...keep, without });
  const thin = Math.ceil((keep.thin * needed) / limit);
  const ways = [
    ...(deviations.length > 0 && summed <= limit
      ? [
          `keep summaries of ${deviations.join(', ')} (keep ${deviations.map((name) => `${name}=summary`).join(', ')}: ${gigabytes(summed)})`,
        ]
      : []),
    ...(keptDraws({ ...keep, thin }, iterations) >= 100 ? [`thin them (thin ${thin})`] : []),
    ...(variables.length > 0 ? ['fewer draws or chains'] : []),
  ];
  throw new ModelError(
    'too-many-draws',
    'iterations',
    `iterations: ${chains} chains of ${keptDraws(keep, iterations)} draws of ${scalars} quantities need ${gigabytes(needed)} of memory, ` +
      `more than the limit of ${gigabytes(limit)} (and in a file ${gigabytes(DIGITS * written)}, compact ${gigabytes(BLOCK * written)}); ` +
      `${ways.join(', or ')}; or raise the limit (memory, in GB)`,
  );
}

function gigabytes(bytes: number): string {
  return `${bytes >= 1e8 ? (bytes / 1e9).toFixed(1) : (bytes / 1e9).toPrecision(1)} GB`;
}
