import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { report } from '../../../src/report/html/report.ts';
import { chromium } from '../../chromium.ts';
import { manyGroups, radon, radonReml } from '../../plots/plotFits.ts';
import { voters } from './reportFits.ts';

if (!chromium) console.log('no Chromium here: the width of reports is not measured');

/** What stands out of a page to the right, folds open or not, but for what lies in a box that scrolls. */
const MEASURE = `
  const found = [];
  for (const frame of document.querySelectorAll('iframe')) {
    const page = frame.contentDocument;
    for (const fold of page.querySelectorAll('details')) fold.open = true;
    const width = page.documentElement.clientWidth;
    if (page.documentElement.scrollWidth > width) found.push(frame.title + ': ' + page.documentElement.scrollWidth + ' of ' + width);
    for (const each of page.querySelectorAll('main *:not(.scroll *)')) {
      const box = each.getBoundingClientRect();
      if (box.right > width + 1 && box.width > 1) found.push(frame.title + ': ' + each.tagName + ' ' + each.textContent.slice(0, 30));
    }
    for (const text of page.querySelectorAll('figure')) {
      const drawn = [...text.querySelectorAll('svg')].filter((svg) => svg.getBoundingClientRect().width > 0);
      if (drawn.length !== 1) found.push(frame.title + ': ' + drawn.length + ' drawings of one picture');
    }
  }
  document.body.innerHTML = '<pre id="found"></pre>';
  document.getElementById('found').textContent = found.length + ' faults\\n' + [...new Set(found)].slice(0, 20).join('\\n');`;

it.skipIf(!chromium)(
  'nothing of a report leaves a page of 320, 600 or 1280 pixels but in a box that scrolls, in Chromium',
  () => {
    const long = manyGroups(5, (j) => `${'a name without a gap'.replaceAll(' ', '_').repeat(30)}${j}`);
    const pages = {
      radon: report(radon, { compare: radonReml }),
      voters: report(voters, { compare: null }),
      long: report(long, { compare: null, title: 'x'.repeat(400), command: 'y'.repeat(2000) }),
    };
    const folder = mkdtempSync(join(tmpdir(), 'reports-'));
    try {
      const frames = Object.entries(pages).flatMap(([name, html]) => {
        writeFileSync(join(folder, `${name}.html`), html);
        return [320, 600, 1280].map(
          (width) => `<iframe title="${name} ${width}" width="${width}" height="800" src="${name}.html"></iframe>`,
        );
      });
      const file = join(folder, 'page.html');
      writeFileSync(
        file,
        `<!doctype html><body>${frames.join('')}<script>onload = () => {${MEASURE}};</script></body>`,
      );
      const dom = execFileSync(
        chromium!,
        [
          ...['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--allow-file-access-from-files'],
          ...['--window-size=1400,1000', '--dump-dom', `file://${file}`],
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      expect(/<pre id="found">([^<]*)</.exec(dom)?.[1]).toBe('0 faults\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  120_000,
);
