import {
  exponential,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  type Prior,
  uniform,
} from '../../../src/graph/priors.ts';
import type { BlockPrior, ScalePrior } from '../../../src/priors/priors.ts';
import type { Chance } from '../chance.ts';
import type { PriorShape } from './fuzzKinds.ts';

/** The prior of one sd, as the product is given it (null: not given) and as the oracle takes it (null: the plan's). */
export interface RandomScale {
  readonly given: Prior | null;
  readonly oracle: ScalePrior | null;
  readonly tag: string;
}

/** A prior about `scale`: within a few times of it, or with `conflict` orders of magnitude away and narrow. */
export function randomScale(chance: Chance, shapes: readonly PriorShape[], scale: number): RandomScale {
  const near = scale * Math.exp(1.2 * chance.normal());
  const away = scale * Math.exp(3 * chance.normal());
  const shape = chance.pick(shapes);
  const made = (given: Prior): RandomScale => {
    const { kind: _kind, ...oracle } = given;
    const numbers = Object.values(oracle).filter((value) => typeof value === 'number');
    return {
      given,
      oracle: oracle as ScalePrior,
      tag: `${given.distribution}(${numbers.map((v) => v.toPrecision(3))})`,
    };
  };
  switch (shape) {
    case 'default':
      return { given: null, oracle: null, tag: 'default' };
    case 'halfT':
      return made(halfT(chance.pick([1, 3, 7, 30]), near));
    case 'halfCauchy':
      return made(halfCauchy(near));
    case 'halfNormal':
      return made(halfNormal(near));
    case 'exponential':
      return made(exponential(1 / near));
    case 'uniform': {
      const low = chance.pick([0, 0, 0.3 * near, 2 * near]);
      return made(uniform(low, low + near * chance.pick([0.01, 0.5, 3, 100])));
    }
    case 'inverseGamma': {
      const a = chance.pick([0.01, 0.5, 1, 3, 20]);
      return made(inverseGamma(a, a * near * near));
    }
    case 'conflict':
      return made(chance.maybe(0.5) ? halfNormal(0.05 * away) : inverseGamma(20, 20 * away * away));
  }
}

/** The prior of a covariance block: by node name for the product, and for the oracle (null: the plan's). */
export interface RandomBlock {
  readonly given: Readonly<Record<string, Prior>>;
  readonly oracle: BlockPrior | null;
  readonly tag: string;
}

/** Of `labels` with typical sds `scales`: sds apart from correlations, Huang & Wand's, or inverse Wishart. */
export function randomBlock(
  chance: Chance,
  factor: string,
  labels: readonly string[],
  scales: readonly number[],
  shapes: readonly PriorShape[],
): RandomBlock {
  const q = labels.length;
  if (shapes.every((shape) => shape === 'default')) return { given: {}, oracle: null, tag: 'default' };
  const sort = chance.uniform();
  if (q > 1 && sort < 0.15) {
    const df = chance.pick([1, 2, 2, 3]);
    const scale = scales.map((value) => value * Math.exp(chance.normal()));
    return {
      given: { [`Sigma_${factor}`]: halfTCov(df, scale) },
      oracle: { kind: 'halfTCov', df, scale: Float64Array.from(scale) },
      tag: `halfTCov(${df}, ${scale.map((v) => v.toPrecision(3))})`,
    };
  }
  if (q > 1 && sort < 0.3) {
    const df = q + chance.pick([0, 1, 1, 4, 20]);
    const scale = scales.map((value, a) =>
      scales.map((_, b) => (a === b ? (value * Math.exp(chance.normal())) ** 2 : 0)),
    );
    return {
      given: { [`Sigma_${factor}`]: inverseWishart(df, scale) },
      oracle: { kind: 'inverseWishart', df, scale: Float64Array.from(scale.flat()) },
      tag: `inverseWishart(${df}, ${scale.map((row, a) => row[a]!.toPrecision(3))})`,
    };
  }
  const list = labels.map((_, k) => randomScale(chance, shapes, scales[k]!));
  const eta = q > 1 ? chance.pick([1, 1, 0.5, 2, 20]) : 1;
  const given: Record<string, Prior> = {};
  labels.forEach((label, k) => {
    const { given: prior } = list[k]!;
    if (prior) given[`tau_${factor}[${label}]`] = prior;
  });
  if (q > 1) given[`corr_${factor}`] = lkj(eta);
  const tau = list.map(({ oracle }) => oracle);
  return {
    given,
    oracle: tau.every((one) => one !== null) ? { kind: 'separation', tau: tau as ScalePrior[], eta } : null,
    tag: `${list.map(({ tag }) => tag).join(' / ')}${q > 1 ? ` lkj(${eta})` : ''}`,
  };
}
