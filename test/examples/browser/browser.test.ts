import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltFile, buildApp } from '../../../examples/browser/build.ts';
import { serve } from '../../../examples/browser/serve.ts';
import { radon } from '../../../src/datasets/index.ts';
import { sampleSync, toJson } from '../../../src/index.ts';
import { chromium } from '../../chromium.ts';
import { DrivenPage } from './drivenPage.ts';
import { NASTY } from './nastyTables.ts';

if (!chromium) console.log('no Chromium here: the page of examples/browser is not driven');

const text = (id: string) => `document.getElementById('${id}').textContent`;
const state = (...names: string[]) => `${JSON.stringify(names)}.includes(document.body.dataset.state)`;
const open = (example: string) => `document.querySelector('[data-example=${example}]').click()`;
/** Drops a file on the page; its bytes come as numbers, or as an expression that makes the text. */
const drop = (name: string, parts: string) =>
  `{ const data = new DataTransfer(); data.items.add(new File([${parts}], ${JSON.stringify(name)}));
     document.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); }`;
const slide = (id: string, value: number, ...events: string[]) =>
  `{ const range = document.getElementById('${id}'); range.value = '${value}';
     for (const type of ${JSON.stringify(events)}) range.dispatchEvent(new Event(type, { bubbles: true })); }`;

describe.skipIf(!chromium)('the page of examples/browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'app-'));
  const requests: string[] = [];
  let files: BuiltFile[];
  let server: Server;
  let page: DrivenPage;
  let address: string;

  beforeAll(async () => {
    files = await buildApp(join(folder, 'site'));
    ({ server, address } = await serve(join(folder, 'site'), { path: '/some/path/', requests }));
    page = await DrivenPage.open(chromium!, address);
  });
  afterAll(async () => {
    await page?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('draws the first picture of radon, then the posterior, and says what happened to the smallest and the largest county', async () => {
    await page.value(open('radon'));
    await page.until("document.querySelector('#picture svg')");
    await page.until(state('drawn'));
    expect(await page.value(text('pill'))).toBe('draws can be trusted');
    const story = await page.value<string>(text('story'));
    expect(story).toMatch(/The smallest: MURRAY.*has 1 house\..*The model takes 8\d% from the common line/);
    expect(story).toMatch(/The largest: STLOUIS.*has 116 houses\..*only 4% from the common line/);
  });

  it('reaches one card by pointer, keys and search', async () => {
    await page.value("document.getElementById('search').value = 'lacqui'");
    await page.value("document.getElementById('search').dispatchEvent(new Event('input'))");
    await page.until(`${text('card')}.startsWith('LACQUIPARLE')`);
    const card = await page.value<string>(text('card'));
    expect(card).toMatch(/2 houses.*its own data2\.9\d.*the model1\.\d\d.*common line1\.\d\d/);
    const ring = await page.value<[number, number]>(
      `(() => { const picture = document.getElementById('picture'); picture.scrollIntoView({ block: 'center' }); picture.focus();
        const box = document.querySelector('#picture .chosen').getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2]; })()`,
    );
    await page.key('ArrowRight');
    await page.until(`!${text('card')}.startsWith('LACQUIPARLE')`);
    await page.key('ArrowLeft');
    await page.until(`${text('card')} === ${JSON.stringify(card)}`);
    await page.key('ArrowRight');
    await page.until(`!${text('card')}.startsWith('LACQUIPARLE')`);
    await page.pointer(...ring);
    await page.until(`${text('card')} === ${JSON.stringify(card)}`);
    expect(await page.value(text('said'))).toMatch(/^LACQUIPARLE, 2 houses: own data 2\.9\d, model/);
  });

  it('gives the fit file of Node, byte for byte', async () => {
    await page.value(`window.saved = []; const made = URL.createObjectURL; URL.createObjectURL = (blob) => {
      window.saved.push(blob); return made(blob); }; 0`);
    await page.value("[...document.querySelectorAll('#downloads button')][0].click()");
    await page.until('window.saved.length === 1');
    const hash = await page.value<string>(
      `window.saved[0].arrayBuffer().then((bytes) => crypto.subtle.digest('SHA-256', bytes)).then((hash) =>
        [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join(''))`,
    );
    const fit = sampleSync('log_radon ~ floor + (1 | county)', radon, { seed: 1 });
    expect(hash).toBe(
      createHash('sha256')
        .update(toJson(fit, { times: false }))
        .digest('hex'),
    );
  });

  it('gives a report, a table, a picture and code', async () => {
    const kinds = ['Report', 'Table as CSV', 'Picture as SVG', 'Picture as PNG'];
    for (const [k, title] of kinds.entries()) {
      await page.value(
        `[...document.querySelectorAll('#downloads button')].find(({ textContent }) => textContent === '${title}').click()`,
      );
      // A PNG is drawn from an SVG, which is a blob, too.
      await page.until(`window.saved.length >= ${k + 2} && (${k} < 3 || window.saved.at(-1).type === 'image/png')`);
    }
    expect(
      await page.value(
        'Promise.all(window.saved.slice(1, 4).map((blob) => blob.text())).then((all) => all.map((text) => text.slice(0, 25)))',
      ),
    ).toEqual([
      expect.stringMatching(/^<!doctype html>/),
      expect.stringMatching(/^level,term,n,noPooling/),
      expect.stringMatching(/^<svg xmlns=/),
    ]);
    await page.value("[...document.querySelectorAll('#downloads button')].at(-1).click()");
    await page.until(`${text('code')}.includes('lmer(log_radon ~ floor + (1 | county), rows)')`);
    expect(await page.value(text('code'))).toContain(
      "await sample('log_radon ~ floor + (1 | county)', radon, { seed: 1 })",
    );
  });

  it('makes a large county a small one by the slider: it slides to the line', async () => {
    const choose = (level: string) =>
      `{ const search = document.getElementById('search'); search.value = '${level}'; search.dispatchEvent(new Event('input')); }`;
    const numbers = async () => {
      const [own, model, line, share] = await page.value<string[]>(
        "[...document.querySelectorAll('#card dd b'), ...document.querySelectorAll('#card > p:last-child')].map((each) => each.textContent)",
      );
      return { own: Number(own), model: Number(model), line: Number(line), share: Number.parseInt(share!, 10) };
    };
    await page.value(choose('STLOUIS'));
    await page.until(`${text('card')}.startsWith('STLOUIS') && !document.getElementById('keep-box').hidden`);
    const before = await numbers();
    for (const count of [80, 40, 10, 2]) await page.value(slide('keep', count, 'input'));
    await page.until(`${state('refitted')} && ${text('card')}.includes('2 houses of 116')`);
    const after = await numbers();
    expect(after.share).toBeGreaterThan(before.share + 50);
    expect(Math.abs(after.model - after.line)).toBeLessThan(Math.abs(before.model - before.line));
    await page.value(slide('keep', 2, 'change'));
    await page.until(state('drawn'));
    expect(await page.value(text('card'))).toContain('2 houses of 116');
    await page.value("document.getElementById('keep-all').click()");
    await page.until(
      `${state('drawn')} && ${text('card')}.includes('116 houses') && document.getElementById('keep-all').hidden`,
    );
    expect(await numbers()).toEqual(before);
  });

  it('brings all counties to one line where they are said not to differ', async () => {
    await page.until("!document.getElementById('tau-box').hidden");
    // Each dot of the model is a disc of one path, which begins at its left.
    const places = () =>
      page.value<string[]>(
        "[...document.querySelector('#picture path.partial.f[data-mark=dots]').getAttribute('d').matchAll(/M[-\\d.]+[ ,]([-\\d.]+)/g)].map(([, y]) => y)",
      );
    const before = new Set(await places());
    await page.value(slide('tau', 0, 'input'));
    const held = await places();
    expect(before.size).toBeGreaterThan(20);
    expect([held.length, new Set(held).size]).toEqual([85, 1]);
    await page.value("document.getElementById('tau-back').click()");
    expect(new Set(await places())).toEqual(before);
  });

  it.each(['sleepstudy', 'hsb', 'voters'])(
    'fits the example %s by its first formula, and draws every tab or says why not',
    async (name) => {
      await page.value(`${open(name)}; document.body.dataset.state = 'reading'`);
      await page.until(state('drawn'));
      expect(await page.value(text('pill'))).toMatch(/^draws (can be trusted|are fine)/);
      const tabs = await page.value<string[]>("[...document.querySelectorAll('#tabs button')].map(({ id }) => id)");
      for (const tab of tabs) {
        await page.value(
          `document.getElementById('picture').textContent = ''; document.getElementById('${tab}').click()`,
        );
        const shown = tab === 'tab-table' ? "document.querySelector('#table td')" : `${text('picture')}.length > 20`;
        await page.until(shown);
        expect(await page.value(text('picture'))).not.toContain('Something went wrong');
      }
      await page.value("document.getElementById('tab-shrinkage').click()");
    },
  );

  it.each(NASTY)('gives a sentence or a fit for a file of $name', async ({ name, bytes, says }) => {
    await page.value(
      `document.body.dataset.state = 'waiting'; ${drop(`${name}.csv`, `new Uint8Array(${JSON.stringify([...bytes])})`)}`,
    );
    await page.until(`${state('drawn', 'refused', 'estimated')} && document.getElementById('stop').hidden`);
    const said = await page.value<string>(`${text('banner')} + ${text('fault')} + ${text('strip')} + ${text('pill')}`);
    expect(said).toMatch(says);
    expect(said).not.toContain('Something went wrong');
  });

  it('prints the sentence of the library under a formula that is none, and keeps what was fitted', async () => {
    await page.value(`document.body.dataset.state = 'waiting'; ${open('radon')}`);
    await page.until(state('drawn'));
    const type = (formula: string) =>
      `{ const field = document.getElementById('formula'); field.value = ${JSON.stringify(formula)}; field.dispatchEvent(new Event('input')); }`;
    await page.value(type('log_radon ~ floor + (1 | county'));
    await page.until(`${text('fault')}.includes('formula: expected ")" to close the parenthesis')`);
    expect(await page.value("document.querySelectorAll('#picture path[data-mark=dots]').length")).toBe(2);
    await page.value(type('log_radon ~ flor + (1 | county)'));
    await page.value("document.getElementById('ask').requestSubmit()");
    await page.until(`${text('fault')}.includes('column "flor" is not in rows')`);
    expect(await page.value("document.querySelector('#fault mark').textContent")).toBe('flor');
    await page.value(type('log_radon ~ floor + (1 | county)'));
    await page.value("document.getElementById('ask').requestSubmit()");
    await page.until(state('drawn'));
    expect(await page.value('location.hash')).toContain('example=radon&formula=log_radon+%7E+floor');
  });

  it('offers what may follow, builds the formula from a sentence, and sets the equations', async () => {
    await page.value(`{ const field = document.getElementById('formula'); field.value = ''; field.focus(); }`);
    await page.send('Input.insertText', { text: 'log_radon ~ flo' });
    await page.until("document.querySelectorAll('#completions > *').length === 1");
    await page.key('ArrowDown');
    await page.key('Enter');
    expect(await page.value("document.getElementById('formula').value")).toBe('log_radon ~ floor');
    expect(await page.value("document.getElementById('completions').hidden")).toBe(true);
    // The sentence is made where it is looked at.
    expect(await page.value("document.getElementById('sentence').children.length")).toBe(0);
    await page.value("document.getElementById('builder').open = true");
    await page.until("document.querySelectorAll('#sentence select').length === 2");
    // The control that was used is another element afterwards, and has the focus all the same.
    const used = (find: string, act: string) => page.value(`{ window.used = ${find}; window.used.focus(); ${act}; }`);
    const kept = (find: string) => page.until(`${find} !== window.used && document.activeElement === ${find}`);
    const groups = "document.querySelectorAll('#sentence select')[1]";
    await used(groups, "window.used.value = 'county'; window.used.dispatchEvent(new Event('change'))");
    await kept(groups);
    const slope = "[...document.querySelectorAll('#sentence input')].at(-1)";
    await used(slope, 'window.used.click()');
    await kept(slope);
    expect(await page.value("document.getElementById('formula').value")).toBe(
      'log_radon ~ floor + (1 + floor | county)',
    );
    await page.value("document.getElementById('builder').open = false");
    await page.value(
      `{ const field = document.getElementById('formula'); field.focus(); window.sentence = ${text('sentence')}; }`,
    );
    await page.send('Input.insertText', { text: ' ' });
    expect(await page.value(`${text('sentence')} === window.sentence`)).toBe(true);
    await page.value(`document.body.dataset.state = 'waiting'; document.getElementById('equations').open = true;
      document.getElementById('ask').requestSubmit()`);
    await page.until(state('drawn'));
    await page.until("document.querySelectorAll('#mathematics math').length > 3");
  });

  it.each(['light', 'dark'])('has no finding of axe, %s', async (theme) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    await page.value(
      `if (document.documentElement.dataset.theme !== '${theme}') document.getElementById('theme').click()`,
    );
    await page.value(`${axe}; 0`);
    const found = await page.value(
      "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 150))))",
    );
    expect(found).toEqual([]);
  });

  it.each([320, 760, 1280])('does not stand out of a window of %i pixels', async (width) => {
    await page.size(width, 900);
    expect(await page.value('document.documentElement.scrollWidth')).toBe(width);
    await page.size(1280, 900);
  });

  it('never blocks the page for long with 200 000 rows in 5 000 groups', async () => {
    await page.value(`window.long = []; new PerformanceObserver((list) => window.long.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ entryTypes: ['longtask'] }); document.body.dataset.state = 'waiting'; 0`);
    // The text is made in the page: as pieces, so that making it is no long task itself.
    await page.value(`(async () => { const parts = ['y,x,g\\n']; let s = 1;
      const next = () => (s = (s * 16807) % 2147483647) / 2147483647;
      for (let i = 0; i < 200000; i += 1) { const g = i % 5000; const x = next();
        parts.push((Math.sin(g) + x + next() + next()).toFixed(4) + ',' + x.toFixed(3) + ',g' + g + '\\n');
        if (i % 2000 === 0) await new Promise((go) => setTimeout(go)); }
      window.big = new Blob(parts);
      // Joining the pieces is a long task of the test's own, which is told of a little later.
      await new Promise((go) => setTimeout(go, 1000)); window.long.length = 0; window.began = performance.now(); })()`);
    await page.value(drop('big.csv', 'window.big'));
    await page.until(state('estimated', 'drawing', 'refused'), 120);
    expect(await page.value(text('strip'))).toContain('200 000 rows');
    await page.until("document.querySelector('#picture svg')");
    const [waited, long] = await page.value<[number, number[]]>('[performance.now() - window.began, window.long]');
    console.log(
      `long tasks with 200 000 rows, ms: ${long.join(', ') || 'none'}, of ${waited.toFixed(0)} from file to picture`,
    );
    await page.value("document.getElementById('stop').click()");
    // A busy machine makes all of them longer alike: a share of the whole, where 50 ms is a fiftieth on an idle one.
    expect(Math.max(0, ...long) / waited).toBeLessThan(0.15);
  });

  it('asked its own server alone, and nothing stands in the console', () => {
    expect(page.foreign(address)).toEqual([]);
    expect(requests.every((path) => path.startsWith('/some/path/'))).toBe(true);
    expect(page.complaints).toEqual([]);
  });

  it('works without the server after the first visit', async () => {
    await page.value('navigator.serviceWorker.ready.then(() => 0)');
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
    await page.go(`${address}#example=sleepstudy&seed=3`);
    await page.send('Page.reload');
    await page.until(state('drawn'));
    expect(await page.value(text('strip'))).toContain('sleepstudy');
  });

  it('says why nothing works where it is opened as a file', async () => {
    await page.go(new URL(`file://${join(folder, 'site', 'index.html')}`).href);
    await page.until("getComputedStyle(document.getElementById('unstarted')).visibility === 'visible'");
    expect(await page.value(text('unstarted'))).toMatch(/browsers load no modules from file:/);
  });

  it('is of at most 160 kB packed until the first picture, and of 415 kB in all', () => {
    const packed = (some: typeof files) => some.reduce((sum, { gzipped }) => sum + gzipped, 0);
    const own = files.filter(({ data }) => !data);
    expect(packed(own.filter(({ later }) => !later))).toBeLessThan(160_000);
    expect(packed(own)).toBeLessThan(415_000);
    // What is fetched later is so much that a chunk that came to be joined with the first ones would be seen.
    expect(packed(own.filter(({ later }) => later))).toBeGreaterThan(120_000);
  });
});
