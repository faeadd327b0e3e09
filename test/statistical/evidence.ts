import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** What one test compared with numbers from outside, for VALIDATION.md. */
export interface Evidence {
  /** Test file, relative to the repository, and the test's full title. */
  readonly file: string;
  readonly test: string;
  /** What the differences are measured in. */
  readonly unit: string;
  readonly count: number;
  readonly largest: number;
  /** Root mean square. */
  readonly rms: number;
  readonly limit: number;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Notes how far the compared numbers of the running test lie from those from outside, as lines of JSON in the file that
 * the environment variable EVIDENCE names; without it, does nothing. The test itself judges.
 */
export function evidence(unit: string, differences: readonly number[], limit: number): void {
  const path = process.env['EVIDENCE'];
  if (path === undefined || differences.length === 0) return;
  const { testPath, currentTestName } = expect.getState();
  const noted: Evidence = {
    file: relative(root, testPath ?? ''),
    test: currentTestName ?? '',
    unit,
    count: differences.length,
    largest: differences.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    rms: Math.sqrt(differences.reduce((sum, value) => sum + value * value, 0) / differences.length),
    limit,
  };
  appendFileSync(path, `${JSON.stringify(noted)}\n`);
}
