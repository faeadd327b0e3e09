import { isAt, type Place } from './equivalent.ts';
import type { Mutant } from './mutants.ts';

/** A survivor of the run in report.md and the test file that was written for it after that run. */
interface Noticed extends Place {
  readonly by: string;
}

const noticed: readonly Noticed[] = [];

/** The test file that notices a survivor of the recorded run now, if there is one. */
export function noticedSince(mutant: Mutant): string | undefined {
  return noticed.find((entry) => isAt(entry, mutant))?.by;
}
