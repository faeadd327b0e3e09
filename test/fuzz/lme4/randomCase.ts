import type { LikelihoodMethod } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { type Chance, chance } from '../chance.ts';
import { letters, randomLevels, randomPredictor } from './randomColumns.ts';
import { type ResidualCase, randomResidual } from './randomResidual.ts';
import { randomResponse } from './randomResponse.ts';

/** A model with its data, in our spelling and in lme4's. */
export interface RandomCase {
  readonly id: string;
  readonly kind: CaseKind;
  readonly seed: number;
  readonly n: number;
  readonly family: 'gaussian' | 'binomial' | 'probit' | 'ordinal' | 'ordinalProbit';
  readonly method: LikelihoodMethod;
  readonly points: number | null;
  readonly formula: string;
  readonly formulaR: string;
  /** A level-2 regression on g with its table, where the product is given one. */
  readonly level2: string | null;
  readonly groups: Readonly<Record<string, Readonly<Record<string, readonly (string | number)[]>>>> | null;
  /** Names of the columns of weights and of known standard errors. */
  readonly weights: string | null;
  readonly errors: string | null;
  readonly columns: Readonly<Record<string, readonly (string | number)[]>>;
  readonly tags: readonly string[];
  /** Levels of an ordered answer, the lowest first. */
  readonly levels?: readonly string[];
  /** The options of correlated residuals, and what the referee and nlme take in their place. */
  readonly residual?: string | null;
  readonly sigma?: string | null;
  readonly law?: ResidualCase;
  readonly nlme?: 'gls' | 'lme' | 'lme ||' | null;
  readonly fixedR?: string;
  readonly randomR?: string | null;
}

/** The kinds in the order they are taken in turn, with what is hard. */
export const caseKinds = {
  gauss: 'one to three factors, slopes, weights, se, offsets, units and origins of every size',
  small: 'the same in 8 to 40 rows: several optima',
  binary: 'logit and probit, single responses and counts, Laplace and quadrature',
  flat: 'what the rows cannot tell: slopes of group constants, a level a row, a population part that spans the groups',
  ties: 'few rows of whole numbers, crossed factors that saturate: no estimate, or several',
  cells: 'interactions of factors with cells that never occur',
  means: 'responses a million to a thousand million residual sds from zero',
  ordinal: 'ordered answers, cumulative logit and probit, Laplace and quadrature, with and without groups',
  residual: 'residuals correlated within groups and with sds by a column, beside varying coefficients or alone',
} as const;
export type CaseKind = keyof typeof caseKinds;

/** Tells this generator's streams from every other use of the same seed. */
const STREAM = 20262;

/** What the parts below share while a case is made. */
export interface CaseParts {
  readonly kind: CaseKind;
  readonly chance: Chance;
  readonly n: number;
  readonly gaussian: boolean;
  readonly columns: Record<string, (string | number)[]>;
  readonly tags: string[];
  /** Factors in use: g, perhaps h and k. */
  readonly factors: readonly string[];
  readonly nested: boolean;
  /** Numeric columns of the population part, and which of them vary by g. */
  readonly predictors: readonly string[];
  readonly slopes: readonly string[];
}

export function randomCase(kind: CaseKind, seed: number): RandomCase {
  const place = [STREAM, Object.keys(caseKinds).indexOf(kind), seed];
  if (kind === 'residual') return randomResidual(seed, place);
  const stream = chance(place);
  const { whole, maybe, among } = stream;
  const family =
    kind === 'binary'
      ? among([
          ['binomial', 7],
          ['probit', 3],
        ] as const)
      : kind === 'ordinal'
        ? among([
            ['ordinal', 6],
            ['ordinalProbit', 4],
          ] as const)
        : 'gaussian';
  const gaussian = family === 'gaussian';
  const n = rowCount(stream, kind);
  const columns: Record<string, (string | number)[]> = {};
  const tags: string[] = [];

  const K =
    kind === 'ties'
      ? 2
      : kind === 'flat' || kind === 'cells'
        ? 1
        : among([
            [1, 5],
            [2, 3],
            [3, 1],
          ] as const);
  const g = randomLevels(stream, n, 'G');
  columns['g'] = g;
  const slash = K > 1 && kind !== 'ties' && maybe(0.15);
  if (K > 1) {
    const structure = slash
      ? 'nested'
      : kind === 'ties'
        ? 'crossed'
        : among([
            ['crossed', 4],
            ['nested', 3],
            ['partly nested', 2],
          ] as const);
    tags.push(structure);
    if (structure === 'crossed') columns['h'] = randomLevels(stream, n, 'H');
    else {
      const m = whole(2, 4);
      const name = (level: string) => `H${slash ? '' : level}${letters(whole(0, m - 1))}`;
      columns['h'] = g.map((level) => (structure === 'partly nested' && maybe(0.2) ? 'HX' : name(level)));
    }
  }
  if (K > 2) columns['k'] = randomLevels(stream, n, 'K');

  const predictors: string[] = [];
  const within: string[] = [];
  const count = kind === 'ties' || kind === 'cells' ? whole(0, 1) : kind === 'flat' ? 1 : whole(0, n < 15 ? 1 : 3);
  for (let a = 1; a <= count; a += 1) {
    const byGroup = kind === 'flat' || maybe(0.15);
    const { name, x } = randomPredictor(stream, g, byGroup);
    columns[`x${a}`] = x;
    predictors.push(`x${a}`);
    if (!byGroup) within.push(`x${a}`);
    tags.push(name);
  }
  const levels =
    kind === 'cells'
      ? whole(2, 4)
      : n > 20 && kind !== 'ties' && kind !== 'flat' && maybe(0.35)
        ? whole(2, Math.min(6, Math.floor(n / 8)))
        : 0;
  if (levels > 0) columns['f'] = Array.from({ length: n }, () => `f${letters(whole(0, levels - 1))}`);

  // The population part: each term in our spelling and in R's.
  const ours: string[] = [];
  const theirs: string[] = [];
  const both = (term: string): void => {
    ours.push(term);
    theirs.push(term);
  };
  const many = within.find((x) => new Set(columns[x]).size > 4);
  const poly = many !== undefined && n > 30 && maybe(0.1) ? many : null;
  const split = poly === null && within.length > 0 && n > 20 && maybe(0.1) ? within[0]! : null;
  const plain = within.filter((x) => x !== poly && x !== split);
  if (split) {
    const means = groupMeans(g, columns[split] as number[]);
    columns['xb'] = means;
    columns['xw'] = means.map((mean, i) => (columns[split]![i] as number) - mean);
    ours.push(`within(${split}, g)`, `between(${split}, g)`);
    theirs.push('xw', 'xb');
  }
  for (const x of predictors) if (x !== split) both(x === poly ? `poly(${x}, ${whole(2, 3)})` : x);
  if (kind === 'cells') {
    const m = whole(2, 4);
    const empty = `f${letters(whole(0, levels - 1))}`;
    columns['e'] = columns['f']!.map((f) => `e${letters(f === empty ? whole(0, m - 2) : whole(0, m - 1))}`);
    both('f * e');
  } else if (levels > 0) {
    both('f');
    if (plain.length > 0 && maybe(0.3)) both(`${plain[0]}:f`);
  } else if (plain.length > 1 && maybe(0.2)) both(`${plain[0]}:${plain[1]}`);
  const without = maybe(0.05) && ours.length > 0 && levels === 0 && kind !== 'ordinal';
  if (without) both('0');

  // The varying parts.
  const bar = maybe(0.3) ? '||' : '|';
  const slopes: string[] = [];
  if (kind === 'flat') slopes.push(...(predictors.length > 0 && maybe(0.7) ? predictors : []));
  else if (kind !== 'ties' && maybe(0.5)) {
    for (const x of plain) if (slopes.length < 3 && maybe(0.55)) slopes.push(x);
    if (levels > 0 && levels < 4 && slopes.length < 2 && bar === '|' && n > 40 && maybe(0.3)) slopes.push('f');
  }
  const bare = slopes.length > 0 && !slopes.includes('f') && kind !== 'flat' && maybe(0.1);
  let level2: string | null = null;
  let groups: RandomCase['groups'] = null;
  if (!slash && !bare && !without && bar === '|' && kind === 'gauss' && maybe(0.15)) {
    const table = new Map([...new Set(g)].sort().map((level) => [level, stream.normal()]));
    level2 = '~ z';
    groups = { g: { g: [...table.keys()], z: [...table.values()] } };
    columns['z'] = g.map((level) => table.get(level)!);
    theirs.push('z', ...slopes.map((slope) => `${slope}:z`));
    tags.push('level-2 table');
  }
  const left = `${bare ? '0' : '1'}${slopes.map((slope) => ` + ${slope}`).join('')} ${bar} `;
  const bars = slash ? ['(1 | g/h)'] : [`(${left}g)`];
  if (K > 1 && !slash) bars.push(maybe(0.15) && plain.length > 0 ? `(1 + ${plain[0]} ${bar} h)` : '(1 | h)');
  if (K > 2) bars.push('(1 | k)');
  if (slash) slopes.length = 0;
  if (kind === 'ordinal' && maybe(0.15)) bars.length = 0;
  if (kind === 'flat' && slopes.length === 0) {
    // A level a row, or a population part that spans the groups.
    if (maybe(0.5)) {
      columns['c'] = g.map((_, i) => `c${letters(i)}`);
      bars.push('(1 | c)');
      tags.push('a level a row');
    } else {
      both('g');
      tags.push('groups in both parts');
    }
  }

  const factors = ['g', 'h', 'k'].filter((name) => columns[name] !== undefined);
  const parts: CaseParts = {
    kind,
    chance: stream,
    n,
    gaussian,
    columns,
    tags,
    factors,
    nested: slash,
    predictors,
    slopes,
  };
  const response = randomResponse(parts, family, bars.length === 1 && K === 1 && slopes.length === 0);
  const right = (list: readonly string[]) =>
    [...(list.length > 0 ? list : ['1']), ...(columns['o'] ? ['offset(o)'] : []), ...bars].join(' + ');
  return {
    id: `${kind}-${seed}`,
    kind,
    seed,
    n,
    family,
    method: response.method,
    points: response.points,
    formula: `${response.left} ~ ${right(ours)}`,
    // lme4 does not read (1 || g).
    formulaR: `${response.leftR} ~ ${right(theirs).replaceAll('(1 || ', '(1 | ')}`,
    level2,
    groups,
    weights: columns['w'] ? 'w' : null,
    errors: columns['s'] ? 's' : null,
    columns,
    tags: [...tags, `${K} factors`, `${slopes.length} slopes ${bar}`],
    ...(response.levels ? { levels: response.levels } : {}),
  };
}

function rowCount({ among, whole }: Chance, kind: CaseKind): number {
  switch (kind) {
    case 'small':
      return whole(8, 40);
    case 'ties':
      return whole(5, 12);
    case 'flat':
    case 'cells':
      return whole(20, 120);
    case 'binary':
      return among([
        [whole(6, 14), 1],
        [whole(15, 60), 3],
        [whole(61, 300), 5],
        [whole(301, 900), 1.5],
      ]);
    case 'ordinal':
      return among([
        [whole(10, 30), 3],
        [whole(31, 110), 3],
      ]);
    case 'residual':
      return 0;
    case 'means':
      return among([
        [whole(15, 60), 4],
        [whole(61, 300), 4],
        [whole(2000, 20_000), 1.5],
      ]);
    case 'gauss':
      return among([
        [whole(6, 14), 2],
        [whole(15, 60), 4],
        [whole(61, 300), 4],
        [whole(301, 1200), 1.5],
        [whole(2000, 5000), 0.5],
      ]);
  }
}

function groupMeans(g: readonly string[], x: readonly number[]): number[] {
  const sums = new Map<string, { sum: number; count: number }>();
  g.forEach((level, i) => {
    const known = sums.get(level) ?? { sum: 0, count: 0 };
    sums.set(level, { sum: known.sum + x[i]!, count: known.count + 1 });
  });
  return g.map((level) => sums.get(level)!.sum / sums.get(level)!.count);
}
