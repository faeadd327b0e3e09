import type { Design } from '../design/design.ts';
import type { ChainCheckpoint } from '../mcmc/chain.ts';
import { type ChainSummary, emptySummary } from '../mcmc/chainSummary.ts';
import {
  binCounts,
  type DyadicHistograms,
  emptyHistograms,
  histogramCount,
  setBins,
} from '../mcmc/dyadicHistograms.ts';
import type { KeptQuantiles } from '../mcmc/keptQuantiles.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { readList, readNamed, readObject, readOwn, readText, readWhole, wrong } from './jsonReader.ts';
import { BLOCK } from './storedDraws.ts';

/** What stands before histograms in base 64. */
const BINS = 'bins:';

const FIELDS = ['means', 'products', 'coefficientMeans', 'coefficientSquares', 'betweenGroups'] as const;

/**
 * What a fit keeps in place of draws: `{ u_county: { chains: [...], deviations, coefficients } }`, the fields of
 * `ChainSummary` by chain as blocks of doubles, the histograms of all chains as bytes: of each stream its exponent,
 * lowest bin, number of bins and their counts, whole numbers of 7 bits a byte, the lowest first, the eighth set where
 * more follow; exponent and bin with their sign in the lowest bit.
 */
export function summariesJson(checkpoints: readonly ChainCheckpoint[], quantiles: KeptQuantiles): object {
  return Object.fromEntries(
    Object.entries(quantiles).map(([variable, { deviations, coefficients }]) => [
      variable,
      {
        chains: checkpoints.map(({ summaries = [] }) => chainJson(summaries.find((own) => own.variable === variable)!)),
        deviations: histogramsText(deviations),
        coefficients: histogramsText(coefficients),
      },
    ]),
  );
}

function chainJson(summary: ChainSummary): object {
  const blocks = FIELDS.map((field) => [field, `${BLOCK}${toBase64(new Uint8Array(summary[field].slice().buffer))}`]);
  return { iterations: summary.iterations, ...Object.fromEntries(blocks) };
}

function histogramsText(histograms: DyadicHistograms): string {
  const bytes: number[] = [];
  const parts: Uint8Array[] = [];
  const { exponent, lowest, highest } = histograms;
  for (let i = 0; i < exponent.length; i += 1) {
    addWhole(bytes, signed(exponent[i]!));
    addWhole(bytes, signed(lowest[i]!));
    addWhole(bytes, highest[i]! - lowest[i]! + 1);
    for (const count of binCounts(histograms, i)) addWhole(bytes, count);
    if (bytes.length > 1 << 16) parts.push(Uint8Array.from(bytes.splice(0)));
  }
  parts.push(Uint8Array.from(bytes));
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return BINS + toBase64(all);
}

function signed(whole: number): number {
  return whole < 0 ? -2 * whole - 1 : 2 * whole;
}

function addWhole(bytes: number[], whole: number): void {
  let rest = whole;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

/**
 * What a fit file keeps in place of the draws of `variables`: by chain the summaries, and the quantiles. `iterations`
 * is how many each chain has drawn. Throws `fit-file`.
 */
export function readSummaries(
  value: unknown,
  design: Design,
  variables: readonly string[],
  chains: number,
  iterations: number,
): { readonly summaries: readonly (readonly ChainSummary[])[]; readonly quantiles: KeptQuantiles } {
  const place = 'partial_pooling.summaries';
  const all = readNamed(value, place);
  const read = variables.map((variable) => {
    const at = `${place}.${variable}`;
    const { J, q } = design.groupTerms.find(({ factor }) => variable === `u_${factor}`)!;
    const object = readObject(readOwn(all, variable, place), at);
    const own = readList(readOwn(object, 'chains', at), `${at}.chains`, chains).map((chain, c) =>
      readChain(chain, `${at}.chains[${c}]`, emptySummary(variable, J, q), iterations),
    );
    const histograms = (key: 'deviations' | 'coefficients'): DyadicHistograms =>
      readHistograms(readOwn(object, key, at), `${at}.${key}`, J * q, chains * iterations);
    return {
      variable,
      own,
      quantiles: { deviations: histograms('deviations'), coefficients: histograms('coefficients') },
    };
  });
  return {
    summaries: Array.from({ length: chains }, (_, c) => read.map(({ own }) => own[c]!)),
    quantiles: Object.fromEntries(read.map(({ variable, quantiles }) => [variable, quantiles])),
  };
}

function readChain(value: unknown, place: string, empty: ChainSummary, iterations: number): ChainSummary {
  const object = readObject(value, place);
  const fields = FIELDS.map((field) => {
    const at = `${place}.${field}`;
    const text = readText(readOwn(object, field, place), at);
    const bytes = text.startsWith(BLOCK) ? fromBase64(text, BLOCK.length) : null;
    if (bytes === null || bytes.length !== 8 * empty[field].length) {
      throw wrong(at, `is no block of ${empty[field].length} doubles in base 64, ${BLOCK}...`);
    }
    const values = new Float64Array(bytes.buffer);
    if (!values.every(Number.isFinite)) throw wrong(at, 'holds a number that is not finite');
    return [field, values];
  });
  const count = readWhole(readOwn(object, 'iterations', place), `${place}.iterations`, iterations, iterations);
  return { ...empty, ...Object.fromEntries(fields), iterations: count };
}

function readHistograms(value: unknown, place: string, streams: number, draws: number): DyadicHistograms {
  const text = readText(value, place);
  const bytes = text.startsWith(BINS) ? fromBase64(text, BINS.length) : null;
  if (bytes === null) throw wrong(place, `are no histograms in base 64, ${BINS}...`);
  let at = 0;
  const whole = (): number => {
    let sum = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes[at] ?? 256;
      at += 1;
      if (byte === 256 || unit > 2 ** 49) throw wrong(place, 'end too early, or hold a number that is too large');
      sum += (byte % 128) * unit;
      if (byte < 128) return sum;
    }
  };
  const unsigned = (sum: number): number => (sum % 2 === 1 ? -(sum + 1) / 2 : sum / 2);
  const histograms = emptyHistograms(streams);
  for (let i = 0; i < streams; i += 1) {
    const e = unsigned(whole());
    const low = unsigned(whole());
    const length = whole();
    if (length > 64) throw wrong(place, `have ${length} bins in stream ${i + 1}`);
    const bins = Array.from({ length }, whole);
    if (!setBins(histograms, i, { e, low, bins }) || histogramCount(histograms, i) !== draws) {
      throw wrong(place, `do not hold ${draws} draws in stream ${i + 1}`);
    }
  }
  if (at !== bytes.length) throw wrong(place, 'are longer than they should be');
  return histograms;
}
