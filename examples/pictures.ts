/**
 * The pictures of the examples: `npm run example radon -- --pictures DIR` writes those of one into DIR as SVG. And
 * those that stand in the repository, made anew by `npm run pictures`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formula, maximumLikelihood, parseCsv } from '../src/index.ts';
import { type Picture, plotShrinkage, toSvg } from '../src/plots/index.ts';

/** Draws the pictures of an example into the folder that `--pictures DIR` names; without it nothing is drawn. */
export function writePictures(pictures: Readonly<Record<string, () => Picture>>): void {
  const at = process.argv.indexOf('--pictures');
  if (at < 0) return;
  const folder = process.argv[at + 1];
  if (folder === undefined) throw new Error('--pictures: name a folder, as in --pictures pictures');
  mkdirSync(folder, { recursive: true });
  for (const [name, draw] of Object.entries(pictures)) {
    const path = join(folder, `${name}.svg`);
    writeFileSync(path, `${toSvg(draw())}\n`);
    console.log(`wrote ${path}`);
  }
}

/** The pictures of the repository by the name of their file, as SVG. By REML: they change with the model alone. */
export function repositoryPictures(): ReadonlyMap<string, string> {
  const rows = parseCsv(readFileSync(new URL('data/radon_arm.csv', import.meta.url), 'utf8'), 'radon_arm.csv');
  const fit = maximumLikelihood(formula('log_radon ~ floor + (1 + floor | county)'), { rows });
  const picture = plotShrinkage(fit, 'county', { units: { log_radon: 'log pCi/L' } });
  return new Map([['shrinkage.svg', `${toSvg(picture)}\n`]]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, svg] of repositoryPictures()) writeFileSync(new URL(`pictures/${name}`, import.meta.url), svg);
}
