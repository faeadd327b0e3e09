import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { evidence } from '../statistical/evidence.ts';

const folder = new URL('../fixtures/diagnostics/', import.meta.url);

function parseNumber(text: string): number {
  if (text === 'NA') return Number.NaN;
  if (text === 'Inf') return Number.POSITIVE_INFINITY;
  return Number(text);
}

function readMatrix(file: string): number[][] {
  const lines = readFileSync(new URL(file, folder), 'utf8').trim().split('\n').slice(1);
  return lines.map((line) => line.split(',').map(parseNumber));
}

/** The chains of one reference array. */
export function referenceChains(name: string): number[][] {
  const rows = readMatrix(`draws/${name}.csv`);
  return rows[0]!.map((_, c) => rows.map((row) => row[c]!));
}

/** Rows (draws) of a reference log-likelihood matrix. */
export const referenceLogLikelihood = (name: string): number[][] => readMatrix(`${name}.csv`);

/** A JSON fixture. The caller states the type it relies on. */
export function referenceJson<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;
}

type Answers = Readonly<Record<string, number | string | readonly number[] | null>>;
const answers = referenceJson<{ results: Record<string, Answers> }>('posterior_vectors.json').results;

/** Names of all reference arrays. */
export const referenceNames = readdirSync(new URL('draws/', folder)).map((file) => file.replace('.csv', ''));

/** The reference answer to one measure: a number, or the string "NA" or "Inf". */
export function referenceAnswer(name: string, measure: string): number | string | readonly number[] | null {
  const value = answers[name]?.[measure];
  if (value === undefined) throw new Error(`no reference for ${measure} of ${name}`);
  return value;
}

/**
 * Compares a measure with posterior on every array where posterior is finite, to 1e-10 relative. `except` names the
 * arrays of the documented departures; where the reference is NA ours must be NaN unless the array is named there too.
 */
export function expectAgreement(
  measure: string,
  ours: (chains: number[][]) => number,
  except: readonly string[] = [],
): void {
  const differences: number[] = [];
  for (const name of referenceNames) {
    if (except.includes(name)) continue;
    const want = referenceAnswer(name, measure);
    const got = ours(referenceChains(name));
    if (typeof want === 'number') {
      expect(Math.abs(got - want), `${measure} of ${name}: ${got}, reference ${want}`).toBeLessThanOrEqual(
        1e-10 * Math.abs(want),
      );
      differences.push(want === 0 ? got : got / want - 1);
    } else if (want === 'NA') expect(got, `${measure} of ${name}`).toBeNaN();
  }
  evidence('relative difference', differences, 1e-10);
  expect(differences.length).toBeGreaterThan(20);
}
