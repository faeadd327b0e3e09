import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { intervals, profile } from '../../../src/index.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../goldenData.ts';

const sleep = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));

describe('profile', () => {
  it.each([
    ['sleepstudy', 'Reaction ~ Days + (1 + Days | Subject)'],
    ['sleepstudy', 'Reaction ~ Days + (1 + Days || Subject)'],
    ['radon', 'log_radon ~ floor + (1 + floor | county)'],
    ['pastes', 'strength ~ 1 + (1 | batch/cask)'],
    ['eight_schools', 'y | se(sigma) ~ 1 + (1 | school)'],
    ['dyestuff', 'Yield ~ 1'],
  ])('rises away from the estimate on either side, every parameter of %s, %s', (name, text) => {
    const profiles = profile(maximumLikelihood(formula(text), data(name)), { points: 8 });
    expect(profiles.length).toBeGreaterThan(0);
    for (const { parameter, estimate, value, zeta } of profiles) {
      const at = value.indexOf(estimate);
      expect(zeta[at], parameter).toBe(0);
      for (let i = 1; i < value.length; i += 1) {
        expect(value[i]!, parameter).toBeGreaterThan(value[i - 1]!);
        // A search stops 1e-8 above its minimum; where an sd may be 0 the profile of a correlation is flat.
        expect(zeta[i]!, `${parameter} at ${value[i]}`).toBeGreaterThan(zeta[i - 1]! - 1e-4);
      }
    }
  });

  it('ends where the interval of its level does', () => {
    const found = profile(sleep, { level: 0.95, parameters: ['sigma', 'beta[Days]'] });
    const ends = intervals(sleep, { method: 'profile', level: 0.95 });
    for (const { parameter, value, zeta, criterion } of found) {
      const interval = ends.find((each) => each.parameter === parameter)!;
      expect([value[0], value.at(-1), criterion]).toEqual([interval.lower, interval.upper, interval.criterion]);
      // The crossing is found to 1e-8 of its bracket.
      expect(zeta[0]).toBeCloseTo(-1.959963984540054, 5);
      expect(zeta.at(-1)).toBeCloseTo(1.959963984540054, 5);
    }
  });

  it('of a correlation goes to both ends of its range where an sd of 0 is not that far away', () => {
    const radon = maximumLikelihood(formula('log_radon ~ floor + (1 + floor | county)'), data('radon'));
    const [corr] = profile(radon, { parameters: ['corr_county[Intercept,floor]'] });
    const alone = maximumLikelihood(formula('log_radon ~ floor + (1 | county)'), data('radon'));
    const most = Math.sqrt(alone.deviance - radon.deviance);
    expect([corr!.value[0], corr!.value.at(-1)]).toEqual([-1, 1]);
    for (const zeta of corr!.zeta) expect(Math.abs(zeta)).toBeLessThan(most + 1e-5);
    expect(corr!.zeta.at(-1)).toBeCloseTo(most, 3);
  });

  it('refuses in one sentence what has no profile', () => {
    expect(faultOf(() => profile(sleep, { parameters: ['beta[days]'] })).message).toMatch(/beta\[Days\]/);
    expect(faultOf(() => profile(sleep, { level: 95 })).message).toMatch(/a number between 0 and 1/);
    const binary = maximumLikelihood(
      formula('use ~ age + (1 | district)', { family: 'binomial' }),
      data('contraception'),
    );
    expect(faultOf(() => profile(binary)).message).toMatch(/fits of gaussian responses/);
  });
});
