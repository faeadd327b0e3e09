import { type Chance, chance } from '../chance.ts';
import type { RandomCase } from './randomCase.ts';
import { letters } from './randomColumns.ts';

/** How the residuals of a case depend on each other, as the referee reads it (residuals.R). */
export interface ResidualCase {
  readonly structure: 'independent' | 'ar1' | 'car1' | 'cs' | 'toeplitz' | 'unstructured';
  readonly group: string | null;
  readonly time: string | null;
  /** The column that the residual sd depends on. */
  readonly sd: string | null;
}

/**
 * A Gaussian model whose residuals are correlated within groups, or have sds by a column, or both; with or without
 * varying coefficients of the same groups or of others. Of 250 rows at most, for the referee writes down their
 * covariance.
 */
export function randomResidual(seed: number, stream: readonly number[]): RandomCase {
  const one = chance(stream);
  const { whole, maybe, among, normal, uniform } = one;
  const structure = among<ResidualCase['structure']>([
    ['ar1', 4],
    ['car1', 3],
    ['cs', 2],
    ['toeplitz', 1.5],
    ['unstructured', 2],
    ['independent', 2],
  ]);
  const short = structure === 'unstructured' || structure === 'toeplitz';
  const J = among([
    [whole(4, 8), 2],
    [whole(9, 20), 3],
  ]);
  const T = short ? whole(2, 4) : whole(2, 9);
  const missing = among([
    [0, 2],
    [0.15, 2],
    [0.4, 1],
  ]);
  const scale = timeScale(one, structure);
  const rho = among<number>([
    [0, 1],
    [0.3, 2],
    [0.8, 2],
    [0.98, 0.7],
    [-0.4, 1],
  ]);
  const tau = among<number>([
    [0, 1],
    [0.5, 2],
    [3, 1],
  ]);
  const spread = among<number>([
    [0, 1],
    [0.5, 2],
    [1.5, 1],
  ]);
  const bySd = structure === 'independent' || maybe(0.3) ? among([['f', 2] as const, ['v', 1] as const]) : null;
  const [slope, drift] = [normal(), normal()];
  const kinds = whole(2, 3);
  const rows: Record<string, (string | number)[]> = { y: [], g: [], h: [], t: [], x1: [], f: [], v: [], w: [] };
  const [unit, shift] = [
    among([[1, 6] as const, [1e-4, 1] as const, [1e5, 1] as const]),
    among([[0, 6] as const, [1e4, 1] as const]),
  ];
  const crossed = Array.from({ length: 5 }, () => normal());
  for (let j = 0; j < J; j += 1) {
    const [effect, steep] = [tau * normal(), 0.5 * tau * normal()];
    let last = normal();
    let t = scale.start;
    for (let k = 0; k < T; k += 1) {
      if (k > 0) t += scale.gap();
      last = rho * last + Math.sqrt(1 - rho * rho) * normal();
      if (uniform() < missing && k !== j % T) continue;
      const [x, f, v, h, w] = [normal(), whole(0, kinds - 1), normal(), whole(0, 4), whole(1, 5)];
      const sd = bySd === 'f' ? Math.exp(spread * f) : bySd === 'v' ? Math.exp(spread * v) : 1;
      const mean = 1 + slope * x + 0.3 * drift * f + effect + steep * x + crossed[h]!;
      const values = [
        (mean + sd * last) * unit + shift * unit,
        `G${letters(j)}`,
        `H${letters(h)}`,
        t,
        x,
        `f${letters(f)}`,
        v,
        w,
      ];
      Object.keys(rows).forEach((name, c) => {
        rows[name]!.push(values[c]!);
      });
    }
  }
  const weighted = structure !== 'unstructured' && maybe(0.1);
  const fixed = [
    '1',
    ...(maybe(0.7) ? ['x1'] : []),
    ...(maybe(0.4) ? ['f'] : []),
    ...(maybe(0.3) && !scale.far ? ['t'] : []),
  ];
  const bars = among([
    [[] as string[], 5],
    [['1 | g'], 4],
    [['1 + x1 | g'], 1],
    [['1 + x1 || g'], 1],
    [['1 | h'], 1.5],
    [['1 | g', '1 | h'], 0.7],
  ]);
  if (bars.some((bar) => bar.includes('x1')) && !fixed.includes('x1')) fixed.push('x1');
  const law: ResidualCase = {
    structure,
    group: structure === 'independent' ? null : 'g',
    time: structure === 'independent' || structure === 'cs' ? null : 't',
    sd: bySd,
  };
  const text = bars.map((bar) => `(${bar})`);
  const [bar] = bars;
  const { t, g, h, x1, f, v, w, y } = rows as Record<string, (string | number)[]>;
  return {
    id: `residual-${seed}`,
    kind: 'residual',
    seed,
    n: y!.length,
    family: 'gaussian',
    method: maybe(0.5) ? 'REML' : 'ML',
    points: null,
    formula: `y${weighted ? ' | weights(w)' : ''} ~ ${[...fixed, ...text].join(' + ')}`,
    formulaR: `y ~ ${[...fixed, ...text].join(' + ')}`,
    fixedR: `y ~ ${fixed.join(' + ')}`,
    randomR: bar?.endsWith(' g') ? `~ ${bar.split(' |')[0]}` : null,
    nlme:
      structure === 'toeplitz' || bars.some((each) => each.endsWith(' h'))
        ? null
        : bar === undefined
          ? 'gls'
          : bar.includes('||')
            ? 'lme ||'
            : 'lme',
    law,
    residual: structure === 'independent' ? null : `${structure}(${law.time ? 't | ' : ''}g)`,
    sigma: bySd ? `~ ${bySd}` : null,
    level2: null,
    groups: null,
    weights: weighted ? 'w' : null,
    errors: null,
    columns: { y: y!, g: g!, h: h!, t: t!, x1: x1!, f: f!, v: v!, ...(weighted ? { w: w! } : {}) },
    tags: [structure, `rho ${rho}`, `tau ${tau}`, `spread ${spread}`, `${J} x ${T}`, `missing ${missing}`, scale.name],
  };
}

/** Times as they occur: whole steps, every other, years, days since something, or anything. */
function timeScale({ whole, among, uniform }: Chance, structure: ResidualCase['structure']) {
  const whole1 = { name: 'steps', start: 1, gap: () => 1, far: false };
  if (structure === 'unstructured') return whole1;
  const list = [
    [whole1, 4],
    [{ name: 'every other', start: 2, gap: () => 2, far: false }, 1],
    [{ name: 'years', start: 2001, gap: () => 1, far: true }, 1],
  ] as [typeof whole1, number][];
  if (structure === 'ar1') list.push([{ name: 'gaps', start: 0, gap: () => whole(1, 4), far: false }, 2]);
  if (structure === 'car1') {
    list.push([{ name: 'any', start: 0, gap: () => 0.05 + 2 * uniform(), far: false }, 4]);
    list.push([{ name: 'days', start: 100, gap: () => whole(20, 400), far: true }, 2]);
    list.push([{ name: 'thousandths', start: 0, gap: () => 1e-3 * (0.1 + uniform()), far: false }, 1]);
  }
  return among(list);
}
