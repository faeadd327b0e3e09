import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { report } from '../../../src/report/html/report.ts';
import { chromium } from '../../chromium.ts';
import { eight, radon, radonReml } from '../../plots/plotFits.ts';
import { voters } from './reportFits.ts';

if (!chromium) console.log('no Chromium here: axe does not look at reports');

const pages = {
  radon: report(radon, { compare: radonReml }),
  'eight schools': report(eight),
  voters: report(voters, { compare: null }),
};

const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  // A table that the style makes blocks of on narrow pages is no table to a screen reader unless its roles are written.
  rules: { 'no-redundant-role': 'off' },
});

describe.each(Object.entries(pages))('the report of %s', (_, html) => {
  it('is HTML without a finding of the validator', async () => {
    const { results } = await validator.validateString(html);
    const found = results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
    );
    expect([...new Set(found)].slice(0, 20)).toEqual([]);
  });

  it.skipIf(!chromium).each(['light', 'dark'])('has no finding of axe, folds open, %s', (scheme) => {
    const folder = mkdtempSync(join(tmpdir(), 'axe-'));
    try {
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      // What a dark scheme changes is colours.
      const rules = scheme === 'dark' ? ", runOnly: ['cat.color']" : '';
      const run = `
        for (const fold of document.querySelectorAll('details')) fold.open = true;
        axe.run(document, { resultTypes: ['violations']${rules} }).then(({ violations, passes }) => {
          const lines = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => id + ': ' + help + ': ' + node.html.slice(0, 120)));
          document.body.innerHTML = '<pre id="found"></pre>';
          document.getElementById('found').textContent = matchMedia('(prefers-color-scheme: dark)').matches + ' ' + (passes.length > 0) + ' ' + JSON.stringify(lines.slice(0, 20));
        });`;
      // The page forbids scripts, which is tested elsewhere: what looks at it is one.
      const open = html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
      expect(open.length).toBeLessThan(html.length);
      const file = join(folder, 'page.html');
      writeFileSync(join(folder, 'axe.js'), axe);
      writeFileSync(join(folder, 'run.js'), `onload = () => {${run}};`);
      writeFileSync(
        file,
        open.replace('</body>', '<script src="axe.js"></script><script src="run.js"></script></body>'),
      );
      const dom = execFileSync(
        chromium!,
        [
          ...['--headless', '--no-sandbox', '--disable-gpu', '--window-size=1000,1000'],
          ...(scheme === 'dark' ? ['--blink-settings=preferredColorScheme=0'] : []),
          ...['--virtual-time-budget=60000', '--dump-dom', `file://${file}`],
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      expect(/<pre id="found">([\s\S]*?)<\/pre>/.exec(dom)?.[1]).toBe(`${scheme === 'dark'} true []`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
