import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareModels, influence } from '../../src/index.ts';
import {
  plotCalibration,
  plotChains,
  plotCoefficientSpace,
  plotCoefficientsBy,
  plotComparison,
  plotForest,
  plotGroupLines,
  plotGroups,
  plotInfluence,
  plotLooPit,
  plotPairs,
  plotParameters,
  plotPoolingPath,
  plotPredictive,
  plotRanks,
  plotResiduals,
  plotSbc,
  plotShrinkage,
  plotVariance,
  toSvg,
} from '../../src/plots/index.ts';
import { chromium } from '../chromium.ts';
import { voters } from '../report/html/reportFits.ts';
import { eight, manyGroups, radon, radonReml, sleep } from './plotFits.ts';

if (!chromium) console.log('no Chromium here: boxes of texts are not measured');

/** Finds texts that leave their frame or lie over each other, by the boxes that a browser gives them. */
const MEASURE = `
  const found = [];
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect();
    const name = svg.dataset.name;
    const boxes = [...svg.querySelectorAll('text')].map((text) => ({ text: text.lastChild.textContent, box: text.getBoundingClientRect() }));
    boxes.forEach(({ text, box }, i) => {
      if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.top < frame.top || box.bottom > frame.bottom) found.push(name + ': outside: ' + text);
      for (const other of boxes.slice(i + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // Boxes of lines are taller than their letters by some pixels.
        if (across > 1 && down > 4) found.push(name + ': ' + text + ' / ' + other.text);
      }
    });
  }
  document.body.innerHTML = '<pre id="found"></pre>';
  document.getElementById('found').textContent = found.length + ' faults\\n' + found.join('\\n');`;

it.skipIf(!chromium)(
  'has no text outside its frame or over another, in Chromium',
  () => {
    const long = manyGroups(20, (j) => `a group of a name that is much too long for any margin, ${j}`);
    const pictures = {
      eight: plotShrinkage(eight, 'school'),
      radon: plotShrinkage(radon, 'county'),
      many: plotShrinkage(
        manyGroups(500, (j) => `${j}`),
        'g',
      ),
      long: plotShrinkage(long, 'g'),
      groups: plotGroups(radon, 'county'),
      longGroups: plotGroups(long, 'g'),
      parameters: plotParameters(radon, { compare: radonReml }),
      chains: plotChains(radon),
      lines: plotGroupLines(sleep, 'Subject'),
      by: plotCoefficientsBy(radon, 'county'),
      space: plotCoefficientSpace(radon, 'county'),
      predictive: plotPredictive(radon),
      ranks: plotRanks(radon, 'county'),
      forest: plotForest(eight, 'school'),
      longForest: plotForest(long, 'g'),
      path: plotPoolingPath(radon, 'county'),
      longPath: plotPoolingPath(long, 'g'),
      pairs: plotPairs(radon),
      residuals: plotResiduals(radon),
      variance: plotVariance(radon),
      pit: plotLooPit(eight),
      calibration: plotCalibration(voters),
      comparison: plotComparison(compareModels({ eight, 'the same under a name that is rather long': eight })),
      influence: plotInfluence(influence(radonReml, 'county')),
      longInfluence: plotInfluence(influence(long, 'g')),
      sbc: plotSbc(
        { 'tau_county[Intercept]': [0, 0, 1, 0, 2, 0, 1, 0], 'corr_county[Intercept,floor]': [9, 9, 9, 8, 9, 9, 9, 9] },
        { draws: 9 },
      ),
    };
    const page = Object.entries(pictures).flatMap(([name, picture]) =>
      [320, 760, 1280].map((width) => toSvg(picture, { width }).replace('<svg ', `<svg data-name="${name} ${width}" `)),
    );
    const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
    try {
      const file = join(folder, 'page.html');
      writeFileSync(
        file,
        `<!doctype html><meta charset="utf-8"><body>${page.join('<br>')}<script>${MEASURE}</script></body>`,
      );
      const options = [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--window-size=1400,1000',
        '--dump-dom',
        `file://${file}`,
      ];
      const dom = execFileSync(chromium!, options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      expect(/<pre id="found">([^<]*)</.exec(dom)![1]).toBe('0 faults\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
