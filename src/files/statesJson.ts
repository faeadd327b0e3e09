import type { ChainCheckpoint } from '../mcmc/chain.ts';
import type { Draws, Variable } from '../mcmc/draws.ts';
import { layoutSize } from '../mcmc/layout.ts';
import type { Recording } from '../mcmc/recording.ts';
import { createRng } from '../random/rng.ts';
import { readList, readObject, readOwn, readText, readWhole, wrong } from './jsonReader.ts';
import { numberText } from './numberText.ts';

/**
 * The two keys `streams` and `state` of a fit file, as JSON text without braces: where each chain stopped. Values that
 * JSON has no number for (a log density of minus infinity) stand as the texts `Infinity`, `-Infinity`, `NaN`.
 */
export function statesJson(checkpoints: readonly ChainCheckpoint[]): string {
  const streams = JSON.stringify(checkpoints.map(({ rng }) => rng));
  const states = checkpoints.map(
    ({ chain, done, position, latent }, place) =>
      `{${chain === place ? '' : `"chain":${chain},`}"done":${done},"position":${numbersText(position)},"latent":${recordText(latent)}}`,
  );
  return `"streams":${streams},"state":[${states.join(',')}]`;
}

function recordText(record: Readonly<Record<string, readonly number[]>>): string {
  const entries = Object.entries(record).map(([name, values]) => `${JSON.stringify(name)}:${numbersText(values)}`);
  return `{${entries.join(',')}}`;
}

function numbersText(values: readonly number[]): string {
  return `[${values.map((value) => (Number.isFinite(value) ? numberText(value) : `"${value}"`)).join(',')}]`;
}

/**
 * What is known of the draws before which chains stand: which `scalars` of all variables they are of, and the draws
 * themselves, null where the last iteration is none.
 */
export interface DrawsReached {
  readonly variables: readonly Variable[];
  readonly chains: number;
  readonly shown: Draws | null;
  readonly scalars: Int32Array;
}

/**
 * The checkpoints in a parsed `partial_pooling`. Each must have done from `least` to `most` iterations, all as many,
 * and stand at the last draw of its chain, as `record` makes it of the position, hold a state of the random number
 * generator, and name the same quantities of the same sizes as the others. Throws `fit-file`, `rng-state`.
 */
export function readStates(
  own: Readonly<Record<string, unknown>>,
  { variables, chains, shown, scalars }: DrawsReached,
  [least, most]: readonly [number, number],
  record: Recording | null,
): ChainCheckpoint[] {
  const place = 'partial_pooling';
  const size = layoutSize(variables);
  const { iterations, values } = shown ?? { iterations: 0, values: new Float64Array(0) };
  const streams = readList(readOwn(own, 'streams', place), `${place}.streams`, chains);
  const states = readList(readOwn(own, 'state', place), `${place}.state`, chains).map((state, chain) => {
    const at = `${place}.state[${chain}]`;
    const object = readObject(state, at);
    const reached = readWhole(readOwn(object, 'done', at), `${at}.done`, least, most);
    const position = readReals(readOwn(object, 'position', at), `${at}.position`, size);
    const recorded = Float64Array.from(position);
    record?.(Float64Array.from(position), recorded);
    // Before the first draw there is none to compare with.
    const strays = scalars.some(
      (scalar, i) =>
        iterations > 0 && !Object.is(recorded[scalar], values[(i * chains + chain) * iterations + iterations - 1]),
    );
    if (strays) throw wrong(`${at}.position`, 'is not the last draw of its chain');
    return {
      chain: Object.hasOwn(object, 'chain') ? readWhole(object['chain'], `${at}.chain`, chain, 999) : chain,
      done: reached,
      rng: readStream(streams[chain], `${place}.streams[${chain}]`),
      position,
      latent: readRecord(readOwn(object, 'latent', at), `${at}.latent`),
    };
  });
  const uneven = states.findIndex(
    ({ chain, done }, i) => done !== states[0]!.done || (i > 0 && chain <= states[i - 1]!.chain),
  );
  if (uneven >= 0)
    throw wrong(`${place}.state[${uneven}]`, 'is not of a chain after the one before it, as far as that');
  const sizes = states.map(({ latent }) => sizesOf(latent));
  const odd = sizes.findIndex((text) => text !== sizes[0]);
  if (odd >= 0) throw wrong(`${place}.state[${odd}].latent`, 'has not the names and sizes of the first chain');
  return states;
}

function sizesOf(record: Readonly<Record<string, readonly number[]>>): string {
  return JSON.stringify(
    Object.entries(record)
      .map(([name, values]) => [name, values.length])
      .sort(),
  );
}

function readStream(value: unknown, place: string): readonly number[] {
  const words = readList(value, place).map((word, i) => readWhole(word, `${place}[${i}]`, 0, 4294967295));
  createRng([0]).restore(words);
  return words;
}

function readRecord(value: unknown, place: string): Record<string, readonly number[]> {
  const entries = Object.entries(readObject(value, place));
  return Object.fromEntries(entries.map(([name, list]) => [name, readReals(list, `${place}.${name}`)]));
}

/** Numbers, or the texts that stand for those JSON cannot hold. */
function readReals(value: unknown, place: string, length?: number): number[] {
  return readList(value, place, length).map((entry, i) => {
    if (typeof entry === 'number') return entry;
    const text = readText(entry, `${place}[${i}]`);
    if (text !== 'Infinity' && text !== '-Infinity' && text !== 'NaN') {
      throw wrong(`${place}[${i}]`, `is ${JSON.stringify(text)}; a number is expected`);
    }
    return Number(text);
  });
}
