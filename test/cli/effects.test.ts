import { beforeAll, describe, expect, it } from 'vitest';
import { fromJson } from '../../src/files/fromJson.ts';
import { jointContrast } from '../../src/likelihood/inference/jointContrast.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { contrastText } from '../../src/report/contrastText.ts';
import { effectsText } from '../../src/report/effectsText.ts';
import { hypothesisText } from '../../src/report/hypothesisText.ts';
import { iccText } from '../../src/report/iccText.ts';
import { influenceText } from '../../src/report/influenceText.ts';
import { marginsText } from '../../src/report/marginsText.ts';
import { predictiveCheckText } from '../../src/report/predictiveCheckText.ts';
import { residualsText } from '../../src/report/residualsText.ts';
import { rSquaredText } from '../../src/report/rSquaredText.ts';
import { shrinkageText } from '../../src/report/shrinkageText.ts';
import { predictionText } from '../../src/report/text.ts';
import { predictiveCheck } from '../../src/summary/checks/predictiveCheck.ts';
import { residuals } from '../../src/summary/checks/residuals.ts';
import { contrast } from '../../src/summary/comparison/contrast.ts';
import { hypothesis } from '../../src/summary/comparison/hypothesis.ts';
import { influence } from '../../src/summary/comparison/influence.ts';
import { effects } from '../../src/summary/effects/effects.ts';
import { margins } from '../../src/summary/effects/margins.ts';
import { icc } from '../../src/summary/icc.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { rSquared } from '../../src/summary/variance/rSquared.ts';
import { run } from './testIo.ts';

const rows = Array.from({ length: 90 }, (_, i) => [
  (i % 7) - 3,
  'abc'[i % 3],
  `g${i % 9}`,
  Math.round(1e3 * (Math.sin(i) + (i % 3) + (i % 7) / 5)) / 1e3,
]);
const files = new Map([
  ['data.csv', ['x,f,g,y', ...rows.map((row) => row.join(','))].join('\n')],
  ['cells.csv', 'x,f,g,N\n0,b,g1,3\n1,c,g2,1'],
]);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

beforeAll(async () => {
  const words = ['fit', 'y ~ x + f + (1 | g)', '--data', 'data.csv', '--seed', '1', '--chains', '1'];
  const fitted = await run([...words, '--warmup', '50', '--iterations', '50', '--out', 'fit.json'], files);
  files.set('fit.json', fitted.written.get('fit.json')!);
});

describe('effects, margins and contrasts in a shell', () => {
  it('answer as the functions do', async () => {
    const fit = fromJson(files.get('fit.json')! as string);
    const mlOf = (method: 'REML' | 'ML') => maximumLikelihood(fit.graph, { rows: fit.design.rows }, { method });
    const ml = mlOf('REML');
    const cases: readonly (readonly [string[], unknown, string])[] = [
      [['effects', 'fit.json', 'x'], effects(fit, 'x'), effectsText(effects(fit, 'x'))],
      [
        ['effects', 'fit.json', 'x', '--of', 'predictions', '--at', 'x=-1,2', '--at', 'f=b', '--for', 'new'],
        effects(fit, 'x', { of: 'predictions', at: { x: [-1, 2], f: 'b' }, groups: 'new' }),
        effectsText(effects(fit, 'x', { of: 'predictions', at: { x: [-1, 2], f: 'b' }, groups: 'new' })),
      ],
      [
        ['effects', 'fit.json', 'f', '--change', 'b,c', '--by', 'g', '--method', 'REML', '--level', '0.8'],
        effects(ml, 'f', { change: ['b', 'c'], by: 'g', level: 0.8 }),
        effectsText(effects(ml, 'f', { change: ['b', 'c'], by: 'g', level: 0.8 })),
      ],
      [['r-squared', 'fit.json'], rSquared(fit), rSquaredText(rSquared(fit))],
      [['r-squared', 'fit.json', '--method', 'ML'], rSquared(mlOf('ML')), rSquaredText(rSquared(mlOf('ML')))],
      [['margins', 'fit.json', 'f'], margins(fit, 'f'), marginsText(margins(fit, 'f'))],
      [
        ['margins', 'fit.json', 'f', '--method', 'REML', '--adjust', 'holm', '--at', 'x=1'],
        margins(ml, 'f', { adjust: 'holm', at: { x: 1 } }),
        marginsText(margins(ml, 'f', { adjust: 'holm', at: { x: 1 } })),
      ],
    ];
    const together = ['fb = 0', ' fc - fb = 0.1'];
    const [ofDraws, ofReml] = [fit, ml].map((each) => together.map((one) => contrast(each, one)));
    const joint = jointContrast(ml, together);
    const ratio = hypothesis(ml, 'tau_g[Intercept] / sigma', { level: 0.8 });
    const combined: typeof cases = [
      [['contrast', 'fit.json', together.join(';')], { rows: ofDraws, joint: null }, contrastText(ofDraws!)],
      [
        ['contrast', 'fit.json', ...together, '--method', 'REML'],
        { rows: ofReml, joint },
        contrastText(ofReml!, joint),
      ],
      [
        ['hypothesis', 'fit.json', 'tau_g[Intercept] / sigma', '--method', 'REML', '--level', '0.8'],
        [ratio],
        hypothesisText([ratio]),
      ],
    ];
    const checks = predictiveCheck(fit, { statistic: ['sd'], by: 'g', draws: 20, groups: 'new' });
    const { rows: checked, replicates } = checks;
    const cells = poststratify(ml, { x: [0, 1], f: ['b', 'c'], g: ['g1', 'g2'], N: [3, 1] }, { by: 'f' });
    const others: typeof cases = [
      [['icc', 'fit.json', '--method', 'ML'], icc(mlOf('ML')), iccText(icc(mlOf('ML')))],
      [['icc', 'fit.json'], icc(fit), iccText(icc(fit))],
      [
        'predictive-check fit.json --statistic sd --by g --replicates 20 --for new --rows 3'.split(' '),
        { rows: checked, replicates },
        predictiveCheckText(checks, { rows: 3 }),
      ],
      [['shrinkage', 'fit.json', '--method', 'REML'], shrinkage(ml, 'g'), shrinkageText(shrinkage(ml, 'g'))],
      [['residuals', 'fit.json', '--method', 'REML'], residuals(ml), residualsText(residuals(ml))],
      [['influence', 'fit.json', '--method', 'REML'], influence(ml, 'g'), influenceText(influence(ml, 'g'))],
      [
        'poststratify fit.json --newdata cells.csv --by f --method REML'.split(' '),
        { rows: cells.rows, notes: [] },
        predictionText(cells),
      ],
    ];
    for (const [words, answer, text] of [...cases, ...combined, ...others]) {
      const json = await run([...words, '--json'], files);
      expect({ words, stderr: json.stderr, status: json.status }).toEqual({ words, stderr: '', status: 0 });
      // What is infinite is null in JSON.
      expect(JSON.parse(json.stdout)).toEqual(plain(answer));
      expect((await run(words, files)).stdout).toBe(`${text}\n`);
    }
  });

  it('refuse in one sentence, with exit status 2', async () => {
    const told = async (...words: string[]) => {
      const { status, stderr } = await run(words, files);
      return `${status}: ${stderr.trimEnd()}`;
    };
    expect(await told('effects', 'fit.json')).toMatchInlineSnapshot(
      `"2: partial-pooling effects: effects needs PREDICTOR: a column that the terms of the model read"`,
    );
    expect(await told('effects', 'fit.json', 'z')).toMatchInlineSnapshot(
      `"2: partial-pooling effects: the model has no predictor "z"; of predictors it has x, f"`,
    );
    expect(await told('effects', 'fit.json', 'x', '--at', 'f')).toMatchInlineSnapshot(
      `"2: partial-pooling effects: --at got "f"; accepted is a column and its values, as income=0 or income=-1,0,1"`,
    );
    expect(await told('effects', 'fit.json', 'x', '--change', 'a')).toMatchInlineSnapshot(
      `"2: partial-pooling effects: --change got "a"; accepted is a number to add, or two values, A,B"`,
    );
    expect(await told('margins', 'fit.json', 'f', '--adjust', 'sidak')).toMatchInlineSnapshot(
      `"2: partial-pooling margins: --adjust: got "sidak"; accepted is tukey, holm, bonferroni, none"`,
    );
    expect(await told('contrast', 'fit.json', 'fb + z')).toMatchInlineSnapshot(
      `"2: partial-pooling contrast: contrast "fb + z": cannot read "z"; accepted are sums such as "fc - 2 * Intercept = 0" of Intercept, x, fb, fc"`,
    );
    expect(await told('contrast', 'fit.json', 'fb = 0; fb = 1', '--method', 'REML')).toMatchInlineSnapshot(
      `"2: partial-pooling contrast: jointContrast "fb = 0; fb = 1": the hypotheses contradict each other, whatever the coefficients are; give such as may hold together"`,
    );
    expect(await told('predictive-check', 'fit.json', '--statistic', 'range')).toMatchInlineSnapshot(
      `"2: partial-pooling predictive-check: statistic: got "range"; accepted is mean, sd, smallest, largest, median, zeros, skewness, or a function of the responses"`,
    );
    expect(await told('icc', 'fit.json', '--at', 'x')).toMatchInlineSnapshot(
      `"2: partial-pooling icc: --at: got "x"; accepted is NAME=VALUE, as in Days=9"`,
    );
    expect(
      await told('poststratify', 'fit.json', '--newdata', 'cells.csv', '--method', 'REML', '--seed', '1'),
    ).toMatchInlineSnapshot(
      `"2: partial-pooling poststratify: a maximum likelihood fit has no draws; leave the option out, or predict from a fit of sample"`,
    );
    expect(await told('contrast', 'fit.json')).toMatchInlineSnapshot(
      `"2: partial-pooling contrast: contrast needs COMBINATION: such as "floor + floor:log_uranium", "(a + b) / 2 - c" or "a = 2; b = 0""`,
    );
    expect(await told('margins', 'fit.json', 'f', '--at', 'x=1,2')).toMatchInlineSnapshot(
      `"2: partial-pooling margins: at: got an object; accepted is one value for each column, of columns whose margins are not asked for"`,
    );
  });
});
