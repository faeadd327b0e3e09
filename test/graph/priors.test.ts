import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { cauchy, horseshoe, laplace } from '../../src/graph/mixturePriors.ts';
import { studentT } from '../../src/graph/nodes.ts';
import {
  defaultPrior,
  exponential,
  flat,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  normal,
  type Prior,
  separation,
  uniform,
} from '../../src/graph/priors.ts';
import { readPrior } from '../../src/graph/readNode.ts';

const every: readonly Prior[] = [
  normal(-1, 2),
  flat(),
  halfT(3, 1),
  halfCauchy(2.5),
  studentT(3, 0, 2.5),
  cauchy(-1, 2),
  laplace(0, 0.5),
  horseshoe(0.1, 4, 2),
  halfNormal(1),
  exponential(0.5),
  uniform(0, 100),
  uniform(-0.3, 0.5),
  inverseGamma(0.001, 0.001),
  inverseWishart(3, 1),
  inverseWishart(3, [
    [2, 1],
    [1, 2],
  ]),
  halfTCov(2, 1),
  halfTCov(2, [1, 10]),
  lkj(1),
  separation({ tau: halfT(3, 1), corr: lkj(2) }),
  separation({ tau: { Intercept: halfT(3, 1), kind: flat() }, corr: defaultPrior() }),
  defaultPrior(),
];

describe('prior constructors', () => {
  it('give plain data that survives JSON and reads back equal', () => {
    for (const prior of every) {
      expect(JSON.parse(JSON.stringify(prior))).toStrictEqual(prior);
      expect(readPrior('here', JSON.parse(JSON.stringify(prior)))).toStrictEqual(prior);
    }
  });

  it('give frozen data, nested parts included', () => {
    for (const prior of every) expect(Object.isFrozen(prior)).toBe(true);
    const wishart = inverseWishart(2, [[1]]);
    expect(() => {
      (wishart as unknown as { scale: number[][] }).scale[0]![0] = 5;
    }).toThrow(TypeError);
  });

  it('copy what they are given, so that a later change of it changes no model', () => {
    const scale = [1, 2];
    const prior = halfTCov(2, scale);
    scale[0] = 99;
    expect(prior).toMatchObject({ scale: [1, 2] });
  });

  it.each([
    ['an sd of zero', () => normal(0, 0), 'normal(mean, sd): sd must be a positive finite number, not 0'],
    ['an infinite mean', () => normal(Infinity, 1), 'mean must be a finite number, not Infinity'],
    ['no degrees of freedom', () => halfT(0, 1), 'halfT(df, scale): df must be a positive finite number, not 0'],
    ['a text for a number', () => halfT(3, '1' as never), 'scale must be a positive finite number, not "1"'],
    ['NaN', () => halfCauchy(NaN), 'halfCauchy(scale): scale must be a positive finite number, not NaN'],
    ['a negative scale', () => halfNormal(-1), 'halfNormal(scale): scale'],
    ['a rate of zero', () => exponential(0), 'exponential(rate): rate'],
    ['no degrees of freedom of a t', () => studentT(0, 0, 1), 'studentT(df, location, scale): df must be a positive'],
    ['a t without its scale', () => studentT(3, 0, undefined as never), 'scale must be a positive finite number'],
    ['an infinite location', () => cauchy(Infinity, 1), 'cauchy(location, scale): location must be a finite number'],
    ['a negative scale of a Laplace', () => laplace(0, -1), 'laplace(location, scale): scale'],
    ['a horseshoe without a slab', () => horseshoe(1, 4, 0), 'horseshoe(globalScale, slabDf, slabScale): slabScale'],
    ['an empty interval', () => uniform(2, 2), 'uniform(low, high): high must be a number above low = 2, not 2'],
    [
      'an interval of negative sds',
      () => separation({ tau: { Intercept: uniform(-1, 2) }, corr: lkj(1) }),
      'separation({ tau, corr }), tau: low of uniform(low, high) must be a number >= 0',
    ],
    [
      'an improper inverse gamma that is no limit',
      () => inverseGamma(-1, 1),
      'shape must be a positive finite number, not -1',
    ],
    ['a scale of zero with a proper shape', () => inverseGamma(1, 0), 'scale must be a positive finite number, not 0'],
    ['an eta of zero', () => lkj(0), 'lkj(eta): eta must be a positive finite number, not 0'],
    ['no scale', () => halfTCov(2, []), 'each list must be given at least one entry'],
    [
      'an asymmetric matrix',
      () =>
        inverseWishart(3, [
          [1, 0.5],
          [0, 1],
        ]),
      'symmetric positive definite',
    ],
    [
      'an indefinite matrix',
      () =>
        inverseWishart(3, [
          [1, 2],
          [2, 1],
        ]),
      'not positive definite',
    ],
    ['a ragged matrix', () => inverseWishart(3, [[1, 0], [0]]), 'rows of unequal length'],
    [
      'an sd with the prior of a matrix',
      () => separation({ tau: halfTCov(2, 1), corr: lkj(1) }),
      'tau must be the prior of one sd',
    ],
    [
      'correlations with the prior of an sd',
      () => separation({ tau: halfT(3, 1), corr: halfT(3, 1) }),
      'corr must be lkj(eta)',
    ],
  ])('refuse %s with a sentence that quotes it', (_, make, message) => {
    expect(make).toThrow(ModelError);
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: 'invalid-prior' }));
  });

  it('accept the improper limits of the inverse gamma: flat on the variance, flat on the sd, and 1/sd', () => {
    for (const shape of [-1, -0.5, 0]) expect(inverseGamma(shape, 0)).toMatchObject({ shape, scale: 0 });
  });
});

describe('readPrior', () => {
  it.each([
    [
      { kind: 'prior', distribution: 'halft', df: 3, scale: 1 },
      'there is no distribution "halft"; accepted: default, normal',
    ],
    [{ kind: 'prior', distribution: 'halfT', df: 3 }, 'the field "scale" is missing'],
    [{ kind: 'prior', distribution: 'halfT', df: 3, scale: 1, sd: 2 }, 'there is no field "sd"'],
    [
      { kind: 'prior', distribution: 'halfT', df: -3, scale: 1 },
      'here: halfT(df, scale): df must be a positive finite number, not -3',
    ],
    [
      { kind: 'prior', distribution: 'separation', tau: 3, corr: { kind: 'prior', distribution: 'lkj', eta: 1 } },
      'tau must be a prior',
    ],
    [{ kind: 'prior', distribution: '__proto__' }, 'there is no distribution "__proto__"'],
    [3, 'expected a prior such as normal(0, 5)'],
    [null, 'expected a prior'],
  ])('refuses %j', (value, message) => {
    expect(() => readPrior('here', value)).toThrow(ModelError);
    expect(() => readPrior('here', value)).toThrow(message);
  });
});
