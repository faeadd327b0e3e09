import { readFileSync } from 'node:fs';
import { type Fit, formula, maximumLikelihood, parseCsv, sampleSync } from '../../src/index.ts';

const read = (path: string) => parseCsv(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'), path);
const options = { chains: 2, warmup: 150, iterations: 150 };

/** Radon with uranium as level-2 predictor: lines that differ from county to county. */
export const radonRows = read('examples/data/radon_arm.csv');
export const radonModel = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');
export const radon: Fit = sampleSync(radonModel, { rows: radonRows }, options);
export const radonReml = maximumLikelihood(radonModel, { rows: radonRows });
/** All groups of one size. */
export const sleep: Fit = sampleSync(
  formula('Reaction ~ Days + (1 + Days | Subject)'),
  { rows: read('test/fixtures/data/sleepstudy.csv') },
  options,
);
/** Known standard errors, no level-1 predictor. */
export const eight: Fit = sampleSync(
  formula('y | se(sigma) ~ 1 + (1 | school)'),
  { rows: read('examples/data/eight_schools.csv') },
  options,
);

/** J groups with names that try to leave the text they stand in. */
export function manyGroups(J: number, name: (j: number) => string): Fit {
  const y: number[] = [];
  const g: string[] = [];
  for (let j = 0; j < J; j += 1) {
    for (let i = 0; i <= j % 4; i += 1) {
      y.push(Math.sin(17 * j) + 0.8 * Math.sin(5.3 * i + 31 * j));
      g.push(name(j));
    }
  }
  return sampleSync(formula('y ~ 1 + (1 | g)'), { rows: { y, g } }, { chains: 2, warmup: 60, iterations: 60 });
}
