import { readFileSync } from 'node:fs';
import { type Fit, formula, parseCsv, sampleSync } from '../../../src/index.ts';

const read = (path: string) => parseCsv(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'), path);

/** Counted successes, a level-2 predictor, slopes that vary. */
export const voters: Fit = sampleSync(
  formula('yes | trials(n) ~ income * avgincome + (1 + income | state)', { family: 'binomial' }),
  { rows: read('examples/data/voters.csv') },
  { chains: 2, warmup: 100, iterations: 100 },
);

/** A run that is too short to be trusted. */
export const short: Fit = sampleSync(
  formula('Reaction ~ Days + (1 | Subject)'),
  { rows: read('test/fixtures/data/sleepstudy.csv') },
  { chains: 2, warmup: 10, iterations: 10 },
);
