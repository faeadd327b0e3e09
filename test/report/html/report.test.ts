import { describe, expect, it } from 'vitest';
import { check, formula, sampleSync, sensitivity, summarize } from '../../../src/index.ts';
import { findings } from '../../../src/report/html/findings.ts';
import { numberHtml } from '../../../src/report/html/numberHtml.ts';
import { report, reportDocument } from '../../../src/report/html/report.ts';
import { REPORT_STYLE } from '../../../src/report/html/reportStyle.ts';
import { eight, manyGroups, radon, radonReml, sleep } from '../../plots/plotFits.ts';
import { wellFormed } from '../../plots/wellFormed.ts';
import { short, voters } from './reportFits.ts';

const hostile = [
  `<script>alert("1")</script>`,
  `]]> & 'quotes' "double"`,
  '\u202eright to left',
  `x${'y'.repeat(10_000)}`,
  'nul\u0000 and \ud800 alone',
];
const named = manyGroups(5, (j) => hostile[j]!);

const reports = {
  radon: reportDocument(radon, { compare: radonReml, date: '2026-11-28', version: '0.1.0' }),
  sleep: reportDocument(sleep),
  eight: reportDocument(eight),
  voters: reportDocument(voters),
  short: reportDocument(short),
  'hostile names': reportDocument(named, { title: hostile[0]!, command: hostile.slice(0, 3).join(' '), compare: null }),
};

/** The page without its first line, which is no element. */
const elements = (html: string): string => html.replace('<!doctype html>\n', '').trim();

describe.each(Object.entries(reports))('the report of %s', (_, { html, sections }) => {
  it('is well-formed, has no script, loads nothing, and holds no number that is none', () => {
    expect(wellFormed(elements(html))).toBeNull();
    expect(
      /<script|\bNaN\b|undefined|\[object|javascript:|https?:\/\/(?!www\.w3\.org\/2000\/svg)/.exec(html)?.[0] ?? null,
    ).toBeNull();
    expect(html.match(/<(?:link|img|iframe|object|base)\b|\son\w+=|@import|url\((?!#)/g)).toBeNull();
    expect(
      html.includes(
        `content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:"`.replaceAll(
          '&#39;',
          "'",
        ),
      ),
    ).toBe(true);
    expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
  });

  it('has ids once, links that lead somewhere, and headings that leave out no level', () => {
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(id);
    for (const [, list] of html.matchAll(/aria-labelledby="([^"]*)"/g))
      for (const id of list!.split(' ')) expect(ids).toContain(id);
    const levels = [...html.matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1).length).toBe(1);
    levels.slice(1).forEach((level, i) => {
      expect(level - levels[i]!).toBeLessThanOrEqual(1);
    });
    expect([...html.matchAll(/<div class="scroll[^>]*>/g)].every(([tag]) => /aria-label="[^"]+"/.test(tag))).toBe(true);
  });

  it('has its sections in their order, with pictures', () => {
    expect(sections.map(({ id }) => id)).toEqual([
      'found',
      'estimates',
      'groups',
      'fit',
      'priors',
      'chains',
      'model',
      'data',
      'words',
      'repeat',
    ]);
    const places = sections.map(({ id }) => html.indexOf(`<h2 id="${id}">`));
    expect(places.every((place, i) => place > (places[i - 1] ?? 0))).toBe(true);
    expect(sections.find(({ id }) => id === 'groups')!.pictures).toEqual(
      expect.arrayContaining(['shrinkage', 'groups', 'ranks']),
    );
    expect(sections.find(({ id }) => id === 'fit')!.pictures).toEqual(['predictive', 'loo-pit', 'residuals']);
    expect((html.match(/<svg /g) ?? []).length).toBeGreaterThan(5);
  });

  it('writes counts among the numbers behind a picture as counts, and prints those only where they were opened', () => {
    const behind = /<details class="numbers">.*?<\/details>/s.exec(html.slice(html.indexOf('<h2 id="groups">')))![0];
    const titles = [...behind.matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map(([, title]) => title!);
    const row = /<tbody.*?<\/tr>/s.exec(behind)![0];
    const cells = [...row.matchAll(/<t[dh][^>]*>(?:<bdi>)?([^<]*)</g)].map(([, cell]) => cell!);
    expect(cells[titles.indexOf('n')]).toMatch(/^\d+$/);
    expect(cells[titles.indexOf('partialPooling')]).toMatch(/\./);
    expect(html).toMatch(/@media print\{.*details\.numbers:not\(\[open\]\)\{display:none\}/);
  });

  it('stays below a megabyte', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(1e6);
  });
});

describe('what a report says', () => {
  it('is the estimates of the summary, beside those of REML', () => {
    const { html } = reports.radon;
    const cells = (name: string): string[] => {
      const row = html.split('<tr role="row">').find((part) => part.includes(`<code><bdi>${name}</bdi></code>`))!;
      return [...row.matchAll(/<td[^>]*>([^<]*)</g)].map(([, cell]) => cell!);
    };
    for (const { variable, mean, sd, q5, q95 } of summarize(radon, { variables: ['beta', 'tau_county', 'sigma'] })) {
      expect(cells(variable).slice(0, 2)).toEqual([
        numberHtml(mean, sd),
        `${numberHtml(q5, sd)} to ${numberHtml(q95, sd)}`,
      ]);
    }
    const { sd } = summarize(radon, { variables: ['sigma'] })[0]!;
    expect(cells('sigma')[2]).toBe(numberHtml(radonReml.sigma, sd));
    expect(html.includes('2026-11-28')).toBe(true);
  });

  it('is three to five sentences that say what goes with what', () => {
    for (const fit of [radon, sleep, voters, eight]) {
      const found = findings(fit);
      expect(found.length).toBeGreaterThanOrEqual(3);
      expect(found.length).toBeLessThanOrEqual(5);
      for (const sentence of found) {
        expect(sentence).not.toMatch(/cause|effect|because|lead|due to|significan|impact|influence|\*/i);
        expect(sentence).toMatch(/\.$/);
      }
    }
    expect(findings(radon)[0]).toMatch(/^Groups of <bdi>county<\/bdi> that differ by 1 in <bdi>log_uranium<\/bdi>/);
    expect(findings(voters).join(' ')).toMatch(/odds of <bdi>yes<\/bdi> are [\d.]+ times as high/);
    const answers = ['low', 'low', 'mid', 'mid', 'top', 'low', 'mid', 'top', 'top', 'mid', 'top', 'low'];
    const rows = { y: answers, x: answers.map((_, i) => i % 5), g: answers.map((_, i) => `g${i % 3}`) };
    const ordered = sampleSync(
      formula('y ~ x + (1 | g)', { family: 'ordinal', levels: ['low', 'mid', 'top'] }),
      { rows },
      { chains: 2, warmup: 60, iterations: 60 },
    );
    expect(findings(ordered).join(' ')).toMatch(/odds of a higher <bdi>y<\/bdi> are [\d.]+ times as high/);
  }, 20_000);

  it('is one of three verdicts, and all else is folded where the draws are not to be trusted', () => {
    const problem = { ...check(radon), ok: false, findings: check(short).findings };
    const state = (html: string) => /class="verdict (\w+)"/.exec(html)![1];
    const { findings: found } = check(short);
    expect(found.some(({ severity }) => severity === 'problem')).toBe(true);
    expect(state(reports.short.html)).toBe('no');
    expect(reports.short.html.includes('Do not use these numbers.')).toBe(true);
    expect(reports.short.html.indexOf('Show the report anyway')).toBeLessThan(reports.short.html.indexOf('<h2'));
    expect(state(report(eight, { check: { ok: true, findings: [] } }))).toBe('trusted');
    const notes = found.slice(0, 1).map((each) => ({ ...each, severity: 'note' as const }));
    expect(state(report(eight, { check: { ok: true, findings: notes } }))).toBe('care');
    expect(state(report(eight, { check: problem }))).toBe('no');
  });

  it('is what a user typed, as text and cut', () => {
    const { html } = reports['hostile names'];
    expect(html.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;')).toBe(true);
    expect(html.includes('y'.repeat(1000))).toBe(false);
    expect(html.includes(String.fromCharCode(0))).toBe(false);
    expect(html.includes('<bdi>\u202eright to left</bdi>')).toBe(true);
    expect(html.includes(']]&gt; &amp; &#39;quotes&#39; &quot;double&quot;')).toBe(true);
  });

  it('is the model in two notations, with names that look like notation left alone', () => {
    const math = (html: string) => (html.match(/<math>/g) ?? []).length;
    expect(math(reports.radon.html)).toBeGreaterThan(8);
    const rows = {
      y: [1, 2, 4, 3, 5, 7, 6, 9, 8, 12],
      'sigma_[j]': [1, 0, 2, 1, 3, 2, 5, 4, 1, 6],
      'g ~ (h)': ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e'],
    };
    const fit = sampleSync(
      formula('y ~ `sigma_[j]` + (1 | `g ~ (h)`)'),
      { rows },
      { chains: 2, warmup: 50, iterations: 50 },
    );
    const html = report(fit);
    expect(wellFormed(elements(html))).toBeNull();
    expect(html.includes('<mtext>`sigma_[j]`</mtext>')).toBe(true);
    expect(html.includes('<mtext>g ~ (h)</mtext>')).toBe(true);
  });

  it('says why there is no likelihood fit, and refuses what is no fit', () => {
    const alone = report(eight, { compare: null });
    expect(alone.includes('There is no likelihood fit beside it: <bdi>none was asked for')).toBe(true);
    expect(() => report(radonReml as never)).toThrow(/report/);
    expect(() => report(eight, { colour: 'red' } as never)).toThrow(/colour/);
    expect(() => report(eight, { title: 3 } as never)).toThrow('title');
  });

  it('has the same bytes when it is made again', () => {
    expect(report(eight, { date: 'x' })).toBe(report(eight, { date: 'x' }));
  });
});

describe('the style of the page', () => {
  const luminance = (hex: string): number => {
    const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex;
    const [r, g, b] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(full.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const themes = [...REPORT_STYLE.matchAll(/:root\{([^}]*--ink[^}]*)\}/g)].map(([, rules]) =>
    Object.fromEntries([...rules!.matchAll(/--(\w+):(#[0-9a-f]+)/g)].map(([, name, value]) => [name, value!])),
  );

  it('has a contrast of at least 4.5 in light, dark and print, as WCAG 2.2 computes it', () => {
    expect(themes.length).toBe(3);
    for (const theme of themes) {
      for (const name of ['ink', 'quiet', 'link', 'good', 'care', 'bad'].filter((each) => theme[each])) {
        for (const ground of [theme['ground']!, theme['box']!]) {
          const [a, b] = [luminance(theme[name]!), luminance(ground)].sort((x, y) => y - x);
          expect((a! + 0.05) / (b! + 0.05)).toBeGreaterThan(4.5);
        }
      }
    }
  });
});

describe('the report of a fit that keeps less than its draws', () => {
  const model = formula('y ~ 1 + (1 | g)');
  const rows = { y: [1, 2, 2, 4, 5, 3, 8, 9, 7], g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'] };
  const kept = (keep: 'summary' | false) =>
    reportDocument(sampleSync(model, { rows }, { chains: 2, warmup: 100, iterations: 100, keep: { u_g: keep } }));

  it('has of summaries the pictures that they make, and says what is left out', () => {
    const { html, sections } = kept('summary');
    expect(wellFormed(elements(html))).toBeNull();
    expect(html).toContain('keeps a summary of the deviations of <bdi>g</bdi> and not their draws');
    expect(sections.find(({ id }) => id === 'groups')!.pictures).toEqual(['shrinkage', 'groups']);
    expect(html).toMatch(/id="priors">[\s\S]{0,80}<p>Not computed: this needs the draws of u_g/);
  });

  it('has of nothing the rest of the page', () => {
    const { html, sections } = kept(false);
    expect(wellFormed(elements(html))).toBeNull();
    expect(html).toContain('keeps nothing of the deviations of <bdi>g</bdi>');
    expect(sections.find(({ id }) => id === 'estimates')!.pictures.length).toBeGreaterThan(0);
  });
});

describe('how far the answer depends on the priors', () => {
  it('says in words and numbers what sensitivity() finds', () => {
    const found = sensitivity(eight);
    const section = /<section aria-labelledby="priors">[\s\S]*?<\/section>\n/.exec(reports.eight.html)![0];
    for (const { variable, diagnosis } of found.rows) {
      expect(section).toContain(variable);
      if (diagnosis === 'weakLikelihood') expect(section).toContain('the prior decides');
    }
    for (const { prior, halved } of found.halved) {
      expect(section).toContain(prior);
      if (halved !== null) expect(section).toContain(numberHtml(halved, halved / 20).slice(0, 3));
    }
  });
});
