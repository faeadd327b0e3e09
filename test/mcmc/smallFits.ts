import type { Frame, ModelData } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import { cauchy, horseshoe, laplace } from '../../src/graph/mixturePriors.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { studentT } from '../../src/graph/nodes.ts';
import { halfTCov, inverseWishart, normal } from '../../src/graph/priors.ts';
import type { PlanOptions } from '../../src/mcmc/plan.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { awkwardNames } from '../fixtures/mcmc/awkwardNames.ts';

/** One row per group: the first row's values of the named columns. */
export function groupRows(frame: Frame, by: string, names: readonly string[]): Record<string, (number | string)[]> {
  const levels = frame.columns.get(by)!.values as readonly string[];
  const first = [...new Set(levels)].map((level) => levels.indexOf(level));
  return Object.fromEntries(
    [by, ...names].map((name) => [name, first.map((i) => frame.columns.get(name)!.values[i]!)]),
  );
}

/** The frame without some of its columns. */
export function without(frame: Frame, names: readonly string[]): Frame {
  return { n: frame.n, columns: new Map([...frame.columns].filter(([name]) => !names.includes(name))) };
}

export interface Case {
  readonly graph: ModelGraph;
  readonly data: ModelData;
  readonly options?: PlanOptions;
}

/** Three groups of three rows: as small as a fit can be. */
export function tiny(): Case {
  const rows = {
    y: [1, 2, 4, 3, 5, 4, 8, 7, 9],
    x: [0, 1, 2, 0, 1, 2, 0, 1, 2],
    g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'],
  };
  return { graph: formula('y ~ x + (1 | g)'), data: { rows } };
}

/** Models that between them use every part of a design. */
export function cases(): Record<string, () => Case> {
  const radon = fixtureFrame('radon_arm');
  return {
    'radon, level-2 predictor on the rows': () => ({
      graph: formula('log_radon ~ floor * log_uranium + (1 + floor | county)'),
      data: { rows: radon },
    }),
    'radon, level-2 predictor in a group table, priors given, plain Gibbs': () => ({
      graph: formula('log_radon ~ floor + (1 + floor | county)', {
        level2: { county: '~ log_uranium' },
        priors: { gamma_county: normal(0, 5), Sigma_county: halfTCov(2, 1) },
      }),
      data: { rows: without(radon, ['log_uranium']), groups: { county: groupRows(radon, 'county', ['log_uranium']) } },
      options: { kernels: 'gibbs' },
    }),
    'sleepstudy, standardised days, inverse Wishart': () => ({
      graph: formula('Reaction ~ scale(Days) + (1 + scale(Days) | Subject)', {
        priors: {
          Sigma_Subject: inverseWishart(4, [
            [900, 0],
            [0, 100],
          ]),
        },
      }),
      data: { rows: fixtureFrame('sleepstudy') },
    }),
    'eight schools, known standard errors': () => ({
      graph: formula('y | se(sigma) ~ 1 + (1 | school)'),
      data: { rows: fixtureFrame('eight_schools') },
    }),
    'pastes, nested factors, every other column less one': () => ({
      graph: formula('strength ~ . - sample + (1 | batch/cask)'),
      data: { rows: fixtureFrame('pastes') },
    }),
    'dropped rows, a factor, weights, an offset, a polynomial': () => {
      const { rows } = tiny().data as { rows: Record<string, (number | string | null)[]> };
      const more = (list: readonly (number | string | null)[]): (number | string | null)[] => [
        ...list,
        ...list,
        ...list,
      ];
      return {
        graph: formula('y | weights(w) ~ poly(x, 2) + f + offset(o) + (1 + x || g)'),
        data: {
          rows: {
            y: more(rows['y']!).map((value, i) => (i === 4 ? null : (value as number) + Math.sin(i))),
            x: more(rows['x']!),
            g: more(rows['g']!),
            f: more(rows['x']!).map((_, i) => ['u', 'v', 'w'][(i * i + (i % 5)) % 3]!),
            w: more(rows['x']!).map((_, i) => 1 + (i % 2)),
            o: more(rows['x']!).map((_, i) => 0.25 * i),
          },
        },
        options: { missing: 'drop' },
      };
    },
    'herds, counted successes': () => ({
      graph: formula('sick | trials(size) ~ factor(period) + (1 | herd)', { family: 'binomialLogit' }),
      data: {
        rows: {
          sick: [2, 0, 5, 1, 3, 4, 0, 6],
          size: [14, 12, 9, 5, 22, 18, 7, 10],
          period: [1, 2, 1, 2, 1, 2, 1, 2],
          herd: ['h1', 'h1', 'h2', 'h2', 'h3', 'h3', 'h4', 'h4'],
        },
      },
    }),
    'voters, a response of two levels, weights, a probit link': () => ({
      graph: formula('vote | weights(w) ~ income + (1 | state)', { family: 'bernoulliProbit' }),
      data: {
        rows: {
          vote: ['R', 'D', 'R', 'D', 'D', 'R', 'R', 'D', 'R', 'R', 'D', 'D'],
          income: [1, 0, 2, -1, 0, 1, 2, 1, -2, 0, -1, 1],
          state: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd'],
          w: [1, 2, 1, 3, 1, 1, 1, 2, 1, 1, 1, 1],
        },
      },
    }),
    'coefficients that share a horseshoe, and heavy tails': () => ({
      ...tiny(),
      graph: formula('y ~ x + I(x ^ 2) + I(x ^ 3) + (1 | g)', {
        priors: { beta: horseshoe(0.5, 4, 2), 'beta[I(x^3)]': cauchy(0, 0.2) },
      }),
    }),
    'herds, heavy tails': () => ({
      graph: formula('sick | trials(size) ~ x + z + (1 | herd)', {
        family: 'binomialLogit',
        priors: { 'beta[x]': laplace(0, 0.5), 'beta[z]': studentT(3, 0, 1) },
      }),
      data: {
        rows: {
          sick: [2, 0, 5, 1, 3, 4, 0, 6],
          size: [14, 12, 9, 5, 22, 18, 7, 10],
          x: [1, 2, 1, 2, 1, 2, 1, 2],
          z: [0, 3, 1, 2, 2, 0, 1, 3],
          herd: ['h1', 'h1', 'h2', 'h2', 'h3', 'h3', 'h4', 'h4'],
        },
      },
    }),
    'awkward names': () => awkwardNames(),
  };
}
