import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { coefficientTests } from '../../src/likelihood/inference/satterthwaite.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { coefficientTable } from '../../src/report/coefficientTable.ts';
import { run } from '../cli/testIo.ts';
import { faultOf } from '../faultOf.ts';
import { data } from '../likelihood/goldenData.ts';

const text = 'Reaction ~ Days + (1 + Days | Subject)';
const fit = maximumLikelihood(formula(text), data('sleepstudy'));

describe('coefficients with tests and intervals', () => {
  it("are those of lmerTest's summary: Days 10.467, se 1.546, df 17, t 6.77; the interval by qt(.95, 17) = 1.739607", () => {
    const [, days] = coefficientTests(fit);
    expect(days!.upper - days!.estimate).toBeCloseTo(1.739607 * days!.standardError, 4);
    expect(days!.estimate - days!.lower).toBeCloseTo(1.739607 * days!.standardError, 4);
    // qt(.975, 17) = 2.109816
    const [, wide] = coefficientTests(fit, { level: 0.95 });
    expect(wide!.upper - wide!.estimate).toBeCloseTo(2.109816 * days!.standardError, 4);
    expect(coefficientTable(fit).split('\n')[0]).toMatch(/^term +estimate +se +lower +upper +df +t +p-value$/);
    expect(coefficientTable(fit)).toMatch(/Days +10\.\d+ +1\.5\d* +7\.[78]\d* +13\.\d+ +17\.0 +6\.77 +0\.0000/);
  });

  it('are z tests without degrees of freedom where rows are not gaussian', () => {
    const herds = maximumLikelihood(
      formula('incidence | trials(size) ~ factor(period) + (1 | herd)', { family: 'binomial' }),
      data('cbpp'),
    );
    expect(coefficientTable(herds).split('\n')[0]).toMatch(/^term +estimate +se +lower +upper +z +p-value$/);
  });

  it('refuse a level that is no probability', () => {
    expect(faultOf(() => coefficientTests(fit, { level: 90 })).code).toBe('option');
  });

  it('are printed by ml, and stand in its JSON', async () => {
    const csv = 'y,x,g\n1,0,a\n3,1,a\n2,2,a\n5,0,b\n4,1,b\n8,2,b\n3,0,c\n4,1,c\n4,2,c\n';
    const argv = ['ml', 'y ~ x + (1 | g)', '--data', 'd.csv'];
    expect((await run(argv, { 'd.csv': csv })).stdout).toMatch(/term +estimate +se +lower +upper +df +t +p-value/);
    const { fixef } = JSON.parse((await run([...argv, '--json'], { 'd.csv': csv })).stdout) as {
      fixef: Record<string, number>[];
    };
    // A balanced design within groups: (n - J) - 1 = 5 degrees of freedom for x.
    const x = fixef[1]!;
    expect(x['df']).toBeCloseTo(5, 3);
    expect(x['statistic']).toBeCloseTo(x['estimate']! / x['se']!, 12);
    expect(x['lower']).toBeLessThan(x['estimate']!);
    expect((x['upper']! + x['lower']!) / 2).toBeCloseTo(x['estimate']!, 12);
  });
});
