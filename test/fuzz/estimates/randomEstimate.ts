import type { FamilyName } from '../../../src/families/family.ts';
import { type Chance, chance } from '../chance.ts';

/** What kinds of models are made, with what is hard in them. */
export const estimateKinds = {
  columns: 'columns of X that separate successes, zeros or levels, or nearly do',
  levels: 'levels of a factor that are certain, all of them or nearly all',
  slopes: 'a varying slope without intercept whose rows are certain level by level, or nearly so',
} as const;
export type EstimateKind = keyof typeof estimateKinds;

/** A small model whose maximum likelihood estimate may not exist, with the rows of its oracle in whole numbers. */
export interface RandomEstimate {
  readonly id: string;
  readonly kind: EstimateKind;
  readonly seed: number;
  readonly family: Extract<FamilyName, 'binomialLogit' | 'bernoulliProbit' | 'poisson' | 'ordinal'>;
  readonly formula: string;
  readonly columns: Readonly<Record<string, readonly (string | number)[]>>;
  readonly rows: readonly {
    readonly x: readonly number[];
    readonly z: number;
    readonly group: number;
    readonly y: number;
    readonly m: number;
  }[];
  /** Levels of an ordered answer, 0 for another. */
  readonly levels: number;
}

const STREAM = 20264;

export function randomEstimate(kind: EstimateKind, seed: number): RandomEstimate {
  const stream = chance([STREAM, Object.keys(estimateKinds).indexOf(kind), seed]);
  const { whole, maybe, among, pick, normal, uniform } = stream;
  const family = among([
    ['binomialLogit', 4],
    ['bernoulliProbit', 2],
    ['poisson', 2],
    ['ordinal', 2],
  ] as const);
  const levels = family === 'ordinal' ? 3 : 0;
  const J = whole(3, 6);
  const n = kind === 'columns' ? whole(10, 24) : J * whole(2, 5);
  const group = Array.from({ length: n }, (_, i) => i % J);
  const names =
    kind === 'columns' ? ['a', 'b'].slice(0, whole(1, 2)) : kind === 'slopes' ? ['t'] : maybe(0.4) ? ['a'] : [];
  const byGroup = maybe(0.3);
  const shape = pick(['sign', 'few', 'wide', 'half'] as const);
  const draws = names.map(() => {
    const own = group.map(() => entry(stream, shape));
    return kind !== 'slopes' && byGroup ? group.map((j) => own[j]!) : own;
  });
  const steep = among<number>([
    [0.5, 2],
    [2, 2],
    [6, 3],
  ]);
  const sd =
    kind === 'columns'
      ? among<number>([
          [0, 2],
          [1, 2],
        ])
      : among<number>([
          [1, 1],
          [6, 2],
          [30, 3],
        ]);
  const b = Array.from({ length: J }, () => sd * normal());
  const beta = [normal(), ...names.map(() => steep * normal())];
  const latent = group.map((j, i) => {
    const fixed = draws.reduce((sum, column, k) => sum + beta[k + 1]! * column[i]!, beta[0]!);
    return fixed + b[j]! * (kind === 'slopes' ? draws[0]![i]! : 1);
  });
  const trials = family === 'binomialLogit' && maybe(0.4);
  const m = group.map(() => (trials ? whole(1, 6) : 1));
  const y = latent.map((eta, i) => {
    const mean = 1 / (1 + Math.exp(-eta));
    if (family === 'poisson') return eta < 0 ? 0 : Math.min(9, Math.floor(eta + 2 * uniform()));
    if (family === 'ordinal') return [0, 1, 2][(eta + normal() > -1 ? 1 : 0) + (eta + normal() > 1 ? 1 : 0)]!;
    let successes = 0;
    for (let t = 0; t < m[i]!; t += 1) successes += uniform() < mean ? 1 : 0;
    return successes;
  });
  // Levels that nobody gave are no levels of a column of text.
  if (levels > 0) for (let k = 0; k < levels; k += 1) y[k] = y.includes(k) ? y[k]! : k;
  if (levels > 0 && new Set(y).size < levels) y.splice(0, levels, 0, 1, 2);
  const answers = ['low', 'middle', 'top'];
  const columns: Record<string, (string | number)[]> = {
    g: group.map((j) => `g${j}`),
    y: levels > 0 ? y.map((k) => `${k}${answers[k]}`) : y,
  };
  names.forEach((name, k) => {
    columns[name] = draws[k]!;
  });
  if (trials) columns['m'] = m;
  const right = ['1', ...names, kind === 'slopes' ? '(0 + t | g)' : '(1 | g)'].join(' + ');
  return {
    id: `${kind}-${seed}`,
    kind,
    seed,
    family,
    formula: `y${trials ? ' | trials(m)' : ''} ~ ${right}`,
    columns,
    // An ordered answer has thresholds in place of the intercept.
    rows: group.map((j, i) => ({
      x: [...(levels > 0 ? [] : [1]), ...draws.map((column) => column[i]!)],
      z: kind === 'slopes' ? draws[0]![i]! : 1,
      group: j,
      y: y[i]!,
      m: m[i]!,
    })),
    levels,
  };
}

function entry({ whole, pick }: Chance, shape: 'sign' | 'few' | 'wide' | 'half'): number {
  switch (shape) {
    case 'sign':
      return pick([-1, 1]);
    case 'few':
      return whole(-2, 2);
    case 'wide':
      return pick([0, 1, 2, 3, 50, 4000]);
    case 'half':
      return pick([0, 1]);
  }
}
