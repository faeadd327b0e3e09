import type { Frame, Table } from '../../src/data/frame.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { halfCauchy, inverseGamma, inverseWishart, lkj, normal } from '../../src/graph/priors.ts';

/** The priors a model can be given; peers have the one or the other. */
export type PriorKind = 'half-Cauchy and LKJ' | 'inverse-Wishart';

/** A model whose posterior the peers can draw from, under equal priors. */
export interface BenchModel {
  /** What test/bench/peers.R calls it. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly family: 'gaussian' | 'binomialLogit';
  readonly factor: string;
  /** beta ~ normal(0, sb); sds ~ half-Cauchy(0, sc). */
  readonly sb: number;
  readonly sc: number;
  /** Diagonal of the inverse-Wishart(3, S) of the covariance; of one number: inverse gamma(1, S) of the variance. */
  readonly S: readonly number[];
}

const gaussian = { family: 'gaussian', sb: 100, sc: 2.5 } as const;
const logit = { family: 'binomialLogit', sb: 100, sc: 2.5 } as const;
const radon = { file: 'radon_arm', factor: 'county' };
const contraception = { file: 'contraception', factor: 'district' };

export const models: readonly BenchModel[] = [
  { ...gaussian, ...radon, name: 'radon_ri', text: 'log_radon ~ floor + (1 | county)', S: [0.05] },
  {
    ...gaussian,
    ...radon,
    name: 'radon_M4',
    text: 'log_radon ~ floor * log_uranium + (1 + floor | county)',
    S: [0.1, 0.1],
  },
  {
    ...gaussian,
    name: 'hsb',
    file: 'hsb',
    text: 'mathach ~ ses * factor(sector, ref = "Public") + (1 + ses | school)',
    factor: 'school',
    sb: 1000,
    S: [1, 1],
  },
  {
    ...gaussian,
    name: 'sleepstudy',
    file: 'sleepstudy',
    text: 'Reaction ~ Days + (Days | Subject)',
    factor: 'Subject',
    sb: 1000,
    sc: 25,
    S: [200, 20],
  },
  {
    ...gaussian,
    name: 'oneway_tiny',
    file: 'oneway_tiny',
    text: 'y ~ 1 + (1 | group)',
    factor: 'group',
    sb: 1000,
    sc: 10,
    S: [10],
  },
  { ...logit, ...contraception, name: 'contra_ri', text: 'use ~ age + urban + livch + (1 | district)', S: [0.05] },
  {
    ...logit,
    ...contraception,
    name: 'contra_rs',
    text: 'use ~ age + urban + livch + (1 + urban | district)',
    S: [0.1, 0.1],
  },
  {
    ...logit,
    name: 'voters_sim',
    file: 'voters_sim',
    text: 'y ~ income * avgincome + (1 + income | state)',
    factor: 'state',
    S: [0.1, 0.1],
  },
];

/** The graph of a model under priors of a kind. */
export function benchGraph({ text, family, factor, sb, sc, S }: BenchModel, kind: PriorKind): ModelGraph {
  const beta = normal(0, sb);
  const scale = S.map((value, i) => S.map((_, j) => (i === j ? value : 0)));
  const priors: FormulaOptions['priors'] =
    kind === 'inverse-Wishart'
      ? {
          beta,
          [`Sigma_${factor}`]: S.length === 1 ? inverseGamma(1, S[0]!) : inverseWishart(3, scale),
          ...(family === 'gaussian' ? { sigma: inverseGamma(0.001, 0.001) } : {}),
        }
      : {
          beta,
          [`tau_${factor}`]: halfCauchy(sc),
          ...(S.length > 1 ? { [`corr_${factor}`]: lkj(2) } : {}),
          ...(family === 'gaussian' ? { sigma: halfCauchy(sc) } : {}),
        };
  return formula(text, { family, priors });
}

/** Every row of a frame `copies` times. */
export function repeated(frame: Frame, copies: number): Table {
  return Object.fromEntries(
    [...frame.columns].map(([name, { values }]) => [
      name,
      Array.from({ length: copies }, () => Array.from<string | number | null>(values)).flat(),
    ]),
  );
}
