import fc from 'fast-check';
import { DiagnosticsError } from '../../diagnostics/diagnosticsError.ts';
import { ModelError } from '../../src/errors.ts';
import { ChainFailure } from '../../src/run/chainFailure.ts';

/** One kind of input: how cases are made, and what is done with one. */
export interface FuzzedInput<T = unknown> {
  readonly name: string;
  /** What a case is held to, for the table. */
  readonly holds: string;
  readonly cases: fc.Arbitrary<T>;
  /** Throws where a property fails; returns whether the input was accepted. */
  readonly run: (value: T) => boolean | Promise<boolean>;
}

/** What came of a run of many cases. */
export interface Tally {
  accepted: number;
  refused: number;
  /** Seconds of the slowest case. */
  slowest: number;
}

/** Whether an error is one that a caller can mend: an answer, and one line of it. */
function isAnswer(error: unknown): boolean {
  const known = error instanceof ModelError || error instanceof DiagnosticsError || error instanceof ChainFailure;
  return known && error.message.length > 0 && !/\bundefined is not\b|\[object Object\]/.test(error.message);
}

/** What `attempt` gives, or null where it was refused with a sentence; any other error is thrown on. */
export function answered<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (isAnswer(error)) return null;
    throw error;
  }
}

/** `answered` of a promise. */
export async function answeredLater<T>(attempt: () => Promise<T>): Promise<T | null> {
  try {
    return await attempt();
  } catch (error) {
    if (isAnswer(error)) return null;
    throw error;
  }
}

const prototypes = [Object.prototype, Array.prototype, Function.prototype, Map.prototype, String.prototype];

/** The own keys of the built-in prototypes, and that they inherit from where they did. */
function prototypeKeys(): string {
  return prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join('|');
}

const untouched = prototypeKeys();

/**
 * Runs `count` cases from a fixed seed; throws with the smallest counterexample where a property fails or a prototype
 * was changed.
 */
export async function fuzz<T>(
  input: FuzzedInput<T>,
  count: number,
  seed: number,
  clock: () => number = () => 0,
): Promise<Tally> {
  const tally: Tally = { accepted: 0, refused: 0, slowest: 0 };
  await fc.assert(
    fc.asyncProperty(input.cases, async (value) => {
      const before = clock();
      const accepted = await input.run(value);
      tally.slowest = Math.max(tally.slowest, clock() - before);
      tally[accepted ? 'accepted' : 'refused'] += 1;
      if (prototypeKeys() !== untouched) throw new Error('a prototype was changed');
    }),
    { numRuns: count, seed },
  );
  return tally;
}

/** Throws unless every number in a value that may be JSON is finite, but under the keys named. */
export function expectFinite(value: unknown, except: readonly string[] = [], place = 'output'): void {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${place} is ${value}`);
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    const at = Array.from(value as Float64Array).findIndex((entry) => !Number.isFinite(entry));
    if (at >= 0) throw new Error(`${place}[${at}] is ${(value as Float64Array)[at]}`);
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    if (!except.includes(key)) expectFinite(entry, except, `${place}.${key}`);
  }
}

/** Throws unless a value is the same after a trip through JSON text. */
export function expectJsonSurvives(value: unknown): void {
  const once = JSON.stringify(value);
  const twice = JSON.stringify(JSON.parse(once));
  if (once !== twice) throw new Error(`JSON does not survive: ${once.slice(0, 300)} became ${twice.slice(0, 300)}`);
}

/** Throws where two texts differ, showing where. */
export function expectSame(given: string, found: string, what: string): void {
  if (given === found) return;
  let at = 0;
  while (given[at] === found[at]) at += 1;
  throw new Error(
    `${what}: ${given.slice(Math.max(0, at - 40), at + 60)} became ${found.slice(Math.max(0, at - 40), at + 60)}`,
  );
}
