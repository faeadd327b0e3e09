import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { decimals, digits } from '../../src/report/digits.ts';
import { shrinkageText } from '../../src/report/shrinkageText.ts';
import { displayWidth, table } from '../../src/report/table.ts';
import { checkText, compareText, maximumLikelihoodText, predictionText, summaryText } from '../../src/report/text.ts';
import type { ShrinkageRow } from '../../src/summary/pooling/shrinkage.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const row = (level: string, n: number, weight: number, own: number | null): ShrinkageRow => ({
  level,
  term: 'Intercept',
  n,
  noPooling: own,
  noPoolingSe: own === null ? null : 0.25,
  partialPooling: 1.234567,
  q5: 1.1,
  q95: 1.4,
  populationLine: 1.2,
  completePooling: 1.3,
  shrinkageWeight: weight,
  reason: own === null ? `${level} has no rows` : null,
});

describe('table', () => {
  it('aligns names left and numbers right and leaves no spaces at line ends', () => {
    expect(
      table([
        { title: 'name', align: 'left', cells: ['a', 'long name'] },
        { title: 'n', cells: ['10', '5'] },
        { title: 'note', align: 'left', cells: ['x', ''] },
      ]),
    ).toBe(['name        n  note', '---------  --  ----', 'a          10  x', 'long name   5'].join('\n'));
  });

  it('counts what a terminal shows: accents composed or not, East Asian wide characters, emoji', () => {
    expect(['\u00e9', 'e\u0301', '東京', '한', '🙂', 'Łódź'].map(displayWidth)).toEqual([1, 1, 4, 2, 2, 4]);
    const lines = table([
      { title: 'g', align: 'left', cells: ['東京', 'Łódź', 'line\nbreak'] },
      { title: 'v', cells: ['1', '2', '3'] },
    ]).split('\n');
    expect(lines).toHaveLength(5);
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
  });
});

describe('digits', () => {
  it('shows decimals down to the second significant digit of the uncertainty', () => {
    expect(digits(1.46289, 0.0374)).toBe('1.463');
    expect(digits(251.4051, 6.61)).toBe('251.4');
    expect(digits(12345.6, 1520)).toBe('12346');
    expect(digits(-0.00001, 0.02)).toBe('0.000');
    expect(digits(1e-9, 2e-9)).toBe('1.000e-9');
  });

  it('shows four significant digits without an uncertainty, and a dash for what is not there', () => {
    expect([digits(0.34869), digits(12.3456), digits(0), digits(null), digits(Number.NaN)]).toEqual([
      '0.3487',
      '12.35',
      '0',
      '-',
      '-',
    ]);
    expect([decimals(1.00049, 3), decimals(undefined, 2), decimals(-0.001, 2), decimals(Infinity, 1)]).toEqual([
      '1.000',
      '-',
      '0.00',
      'Inf',
    ]);
  });
});

describe('texts', () => {
  it('print a summary', () => {
    const text = summaryText([
      {
        variable: 'beta[floor]',
        mean: -0.67219,
        sd: 0.0884,
        q5: -0.8153,
        q50: -0.6733,
        q95: -0.5261,
        mcseMean: 0.00141,
        rhat: 1.0008,
        essBulk: 3848.2,
        essTail: 3672.9,
      },
    ]);
    expect(text.split('\n')[0]).toMatch(/^variable +mean +sd +q5 +q50 +q95 +mcse +rhat +essBulk +essTail$/);
    expect(text.split('\n')[2]).toMatch(
      /^beta\[floor\] +-0\.672 +0\.088 +-0\.815 +-0\.673 +-0\.526 +0\.0014 +1\.001 +3848 +3673$/,
    );
  });

  it('print the verdict, problems before notes', () => {
    const finding = (variable: string, severity: 'problem' | 'note', message: string) => ({
      variable,
      severity,
      code: 'rhat' as const,
      message,
      value: 1.2,
      threshold: 1.01,
    });
    expect(checkText({ ok: true, findings: [] })).toMatch(
      /^The draws pass the checks \(R-hat at most 1.01, .* 100 per/,
    );
    const lax = { rhat: 1.05, essPerChain: 40 };
    expect(checkText({ ok: true, findings: [], thresholds: lax })).toMatch(/R-hat at most 1.05, .* at least 40 per/);
    const text = checkText({ ok: false, findings: [finding('a', 'note', 'n.'), finding('b', 'problem', 'p.')] }, 1);
    expect(text).toBe('The draws are not to be trusted: 1 problem found.\n  problem: p.\n  and 1 more');
  });

  it('print the most shrunk groups first, and why an estimate is missing', () => {
    const rows = [row('a', 50, 0.2, 1.5), row('b', 0, 1, null), row('c', 2, 0.9, 2.25)];
    const alone = { factor: 'g', rows, varianceShare: 0.0347, nestedIn: [], iccAt: null };
    const text = shrinkageText({ ...alone, poolingFactor: { Intercept: 0.8125 }, icc: 0.0347 }, { top: 2 });
    const lines = text.split('\n');
    expect(lines.slice(2, 4).map((line) => line[0])).toEqual(['b', 'c']);
    expect(lines[2]).toMatch(/^b +Intercept +0 +- +- +1\.235/);
    expect(text).toContain('pooling factor: Intercept 0.81; intraclass correlation 0.035');
    expect(text).toContain('no estimate without pooling (-): b has no rows');
    expect(shrinkageText({ ...alone, poolingFactor: { Intercept: null }, icc: null }).split('\n')).toHaveLength(9);
  });

  it('say what the weight is, of one varying coefficient and of several, and at which x and of what the correlation is', () => {
    const rows = [row('a', 50, 0.2, 1.5)];
    const alone = { factor: 'g', rows, varianceShare: 0.25, nestedIn: [], iccAt: null, icc: 0.25 };
    const one = shrinkageText({ ...alone, poolingFactor: { Intercept: 0.5 } });
    expect(one).toContain('weight: share of the population line in the estimate');
    const slopes = { ...alone, poolingFactor: { Intercept: 0.5, x: 0.75 }, iccAt: 'x = 0' };
    const two = shrinkageText(slopes);
    expect(two).not.toContain('share of the population line');
    expect(two).toMatch(/weight: conditional over prior variance .* may lie outside its own estimate and line$/m);
    expect(two).toMatch(/intraclass correlation 0\.250 at x = 0$/m);
    const matrix = shrinkageText({ ...slopes, rows: [{ ...rows[0]!, matrixWeights: { Intercept: 0.3, x: -0.1 } }] });
    expect(matrix).toMatch(/weight +line Intercept +line x$/m);
    expect(matrix).toMatch(/0\.30 +-0\.10$/m);
    const nested = shrinkageText({ ...alone, factor: 'a:b', icc: 0.9375, nestedIn: ['a'], poolingFactor: { x: 1 } });
    expect(nested).toContain(
      'intraclass correlation 0.938 (two rows of one a:b, and so of one a); variance share of a:b alone 0.250',
    );
  });

  it('print a comparison with its reasons', () => {
    const text = compareText({
      method: 'REML',
      rows: [
        {
          parameter: 'tau_g[Intercept]',
          ml: 0,
          mlSe: null,
          posteriorMean: 0.31,
          posteriorSd: 0.2,
          q5: 0.02,
          q95: 0.7,
          difference: 1.55,
          reason: 'boundary: REML puts it at 0',
        },
      ],
    });
    expect(text).toMatch(/tau_g\[Intercept\] +0\.00 +- +0\.31 +0\.20 +0\.02 +0\.70 +1\.55/);
    expect(text).toMatch(/\ntau_g\[Intercept\]: boundary: REML puts it at 0\.$/);
  });

  it('print predictions beside the columns of the input', () => {
    const row = { county: 'ST. LOUIS', floor: 1, mean: 0.87692, sd: 0.8527, q5: -0.5, q50: 0.879, q95: 2.3 };
    const lines = predictionText({ kind: 'mean', level: 0.9, rows: [row] }).split('\n');
    expect(lines[0]).toMatch(/^county +floor +mean +sd +q5 +q50 +q95$/);
    expect(lines[2]).toMatch(/^ST\. LOUIS +1 +0\.88 +0\.85 +-0\.50 +0\.88 +2\.30$/);
  });

  it('print a maximum likelihood fit with the published radon figures', () => {
    const fit = maximumLikelihood(formula('log_radon ~ floor + (1 + floor | county)'), {
      rows: fixtureFrame('radon_arm'),
    });
    const text = maximumLikelihoodText(fit);
    expect(text).toContain('REML fit to 919 rows in 85 county');
    expect(text).toMatch(/Intercept +1\.463 +0\.054/);
    expect(text).toMatch(/floor +-0\.681 +0\.088/);
    expect(text).toMatch(/county +Intercept +0\.3487/);
    expect(text).toMatch(/county +floor +0\.3436/);
    expect(text).toMatch(/county +Intercept +floor +-0\.34/);
    expect(text).toMatch(/Residual +0\.7462/);
  });
});
