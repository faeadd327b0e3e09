import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { intervals } from '../../../src/likelihood/inference/intervals.ts';
import { parameterRoots } from '../../../src/likelihood/inference/parameterRoots.ts';
import { profile } from '../../../src/likelihood/inference/profile.ts';
import { profiledParameters } from '../../../src/likelihood/inference/varianceParameter.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { minimize, type Objective } from '../../../src/likelihood/search/optimize.ts';
import { structuredAt } from '../../../src/likelihood/structured/structuredAt.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { madeRows } from './structuredData.ts';

const orthodont = fixtureFrame('orthodont');
const nlme = JSON.parse(
  readFileSync(new URL('../../fixtures/likelihood/residualAnswers.json', import.meta.url), 'utf8'),
).profile as { deviance: number; phi: number[]; held: number[] };

/** c of the augmented Lagrangian: well above the curvature of a deviance by a correlation or a log sd of these rows. */
const STIFF = 200;

describe('profiles of fits with residual structures', () => {
  it('have the rise of the deviance that nlme has with its correlation held', () => {
    const fit = maximumLikelihood('distance ~ age * Sex', orthodont, { residual: 'ar1(age | Subject)' });
    const zeta = parameterRoots(fit)
      .variance(profiledParameters(fit).find(({ name }) => name === 'phi')!)
      .walk();
    nlme.phi.forEach((phi, k) => {
      // Its optimum is known to the tolerance of its search.
      expect(Math.abs(zeta(phi) ** 2 - (nlme.held[k]! - nlme.deviance))).toBeLessThan(1e-5);
    });
  });

  it('with compound symmetry are those of the varying intercept that it equals', () => {
    const cs = maximumLikelihood('distance ~ age * Sex', orthodont, { residual: 'cs(Subject)', method: 'ML' });
    const plain = maximumLikelihood('distance ~ age * Sex + (1 | Subject)', orthodont, { method: 'ML' });
    const own = intervals(cs, { method: 'profile' });
    for (const row of intervals(plain, { method: 'profile' }).slice(0, 4)) {
      const other = own.find(({ parameter }) => parameter === row.parameter)!;
      expect(other.lower).toBeCloseTo(row.lower!, 5);
      expect(other.upper).toBeCloseTo(row.upper!, 5);
    }
  });

  const { columns } = madeRows(14, 4, 8);
  const MODELS = [
    ['y ~ x + (1 | town)', { residual: 'unstructured(time | group)', sigma: '~ kind' }],
    ['y ~ x', { residual: 'toeplitz(time | group)', sigma: '~ kind' }],
    ['y ~ x + (1 | group)', { residual: 'car1(time | group)', sigma: '~ kind' }],
  ] as const;

  /**
   * At the lowest deviance D(v) with h held at v the derivative of D is -m that of h, m = -D'(v): the same point is the
   * free minimum of D + m (h - v) + c (h - v)^2 for a large c (the augmented Lagrangian), found here by a search over
   * everything, which knows nothing of how h is held.
   */
  it.each(MODELS)('of %s %j are minima with the parameter held', (text, options) => {
    const fit = maximumLikelihood(text, columns, options);
    const criterion = structuredAt(fit);
    const { factors, covariances, products, divisor, origin } = criterion;
    const size = factors.size;
    const value = (name: string, y: ArrayLike<number>): number => {
      const [, ...rest] = [0, ...factors.fromSearch(y)];
      const unit = Math.exp(y[size]!);
      if (name.startsWith('tau')) return unit * Math.abs(rest[0]![0]!);
      products.model.at(rest.at(-1)!);
      const { sigma, parameters, sds } = products.model.values(unit);
      return name === 'sigma' ? sigma : [...parameters, ...sds].find((each) => each.name === name)!.estimate;
    };
    const start = new Float64Array(size + 1);
    start.set(covariances.toSearch(covariances.fromTheta(fit.theta)));
    start[size] = Math.log(fit.residual!.unit);
    expect(origin).toEqual(fit.residual!.coordinates);
    const roots = parameterRoots(fit);
    for (const parameter of profiledParameters(fit)) {
      const { name, estimate } = parameter;
      if (estimate < 1e-4 && name.startsWith('tau')) continue;
      expect(value(name, start)).toBeCloseTo(estimate, 6);
      const zeta = roots.variance(parameter).walk();
      const held =
        estimate + 0.15 * (name.startsWith('rho') || name === 'phi' ? (estimate > 0 ? -1 : 1) : Math.abs(estimate));
      const step = 1e-3;
      const rise = (v: number) => fit.deviance + zeta(v) ** 2;
      const m = -(rise(held + step) - rise(held - step)) / (2 * step);
      const objective: Objective = (y, gradient) => {
        const sigma = Math.exp(y[size]!);
        const whole = criterion.search(y, gradient, sigma);
        gradient[size] = 2 * divisor - (2 * criterion.system.r2) / (sigma * sigma);
        const near = Float64Array.from(y);
        for (let k = 0; k <= size; k++) {
          const at = near[k]!;
          near[k] = at + 1e-6;
          const above = value(name, near);
          near[k] = at - 1e-6;
          gradient[k]! += ((m + 2 * STIFF * (value(name, y) - held)) * (above - value(name, near))) / 2e-6;
          near[k] = at;
        }
        const off = value(name, y) - held;
        return whole + m * off + STIFF * off * off;
      };
      const found = minimize(objective, start, { tolerance: 1e-9 });
      // The multiplier is a difference of profiles, each to 1e-8.
      expect(Math.abs(value(name, found.x) - held)).toBeLessThan(2e-3);
      expect(Math.abs(found.value - rise(held))).toBeLessThan(1e-4);
    }
  });

  it('give every parameter an interval that holds its estimate, and pictures their points', () => {
    const fit = maximumLikelihood('y ~ x', columns, { residual: 'unstructured(time | group)' });
    for (const { estimate, lower, upper } of intervals(fit, { method: 'profile' })) {
      expect(lower!).toBeLessThan(estimate);
      expect(upper!).toBeGreaterThan(estimate);
    }
    const [phi] = profile(fit, { parameters: ['rho[0,2]'], points: 3 });
    expect(phi!.zeta).toHaveLength(7);
    // zeta rises.
    expect([...phi!.zeta].sort((a, b) => a - b)).toEqual([...phi!.zeta]);
  });
});
