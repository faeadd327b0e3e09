import { readFileSync } from 'node:fs';
import { parseCsv } from '../../src/data/csv.ts';
import type { ModelData } from '../../src/data/frame.ts';

/** A data set of test/fixtures/likelihood/cases. */
export function caseData(name: string): ModelData {
  const file = new URL(`../fixtures/likelihood/cases/${name}.csv`, import.meta.url);
  return { rows: parseCsv(readFileSync(file, 'utf8'), `${name}.csv`) };
}
