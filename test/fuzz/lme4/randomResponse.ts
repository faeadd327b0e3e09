import type { LikelihoodMethod } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import type { CaseParts, RandomCase } from './randomCase.ts';
import { letters, standard } from './randomColumns.ts';

interface RandomResponse {
  readonly left: string;
  readonly leftR: string;
  readonly method: LikelihoodMethod;
  readonly points: number | null;
  readonly levels?: readonly string[];
}

/**
 * Puts y into the columns, and what goes with it: o (offset), w (weights), s (standard errors), m (trials). `scalar`:
 * one factor, one varying column.
 */
export function randomResponse(parts: CaseParts, family: RandomCase['family'], scalar: boolean): RandomResponse {
  const { chance, columns, gaussian } = parts;
  const eta = linearPredictor(parts);
  if (chance.maybe(0.1)) {
    columns['o'] = eta.map(() => chance.normal());
    eta.forEach((_, i) => {
      eta[i]! += columns['o']![i] as number;
    });
  }
  if (gaussian) return gaussianResponse(parts, eta);
  if (family === 'ordinal' || family === 'ordinalProbit') {
    return orderedResponse(parts, eta, family === 'ordinalProbit', scalar);
  }
  return binaryResponse(parts, eta, family === 'probit', scalar);
}

/** eta with coefficients of standardised columns and deviations of every factor, sds from none to a thousand. */
function linearPredictor({
  kind,
  chance,
  n,
  gaussian,
  columns,
  tags,
  factors,
  nested,
  predictors,
  slopes,
}: CaseParts): number[] {
  const { normal, among } = chance;
  const eta = new Array<number>(n).fill(
    gaussian
      ? normal()
      : among([
          [0, 3],
          [-1, 2],
          [-4, 1],
          [3, 1],
        ]),
  );
  const standardised = new Map(predictors.map((x) => [x, standard(columns[x] as number[])]));
  const add = (value: (i: number) => number): void => {
    for (let i = 0; i < n; i += 1) eta[i]! += value(i);
  };
  for (const x of predictors) {
    const beta = normal() * (gaussian ? 1 : 0.6);
    add((i) => beta * standardised.get(x)![i]!);
  }
  const draws = (sd: number) => {
    const known = new Map<string, number>();
    return (key: string): number => {
      const value = known.get(key) ?? sd * normal();
      known.set(key, value);
      return value;
    };
  };
  if (columns['f']) {
    const effect = draws(0.6);
    add((i) => effect(String(columns['f']![i])));
  }
  for (const by of factors) {
    for (const term of by === 'g' ? [null, ...slopes] : [null]) {
      const tau = among<number>(
        gaussian
          ? [
              [0, 2],
              [0.05, 1],
              [0.5, 3],
              [1, 2],
              [10, 1],
              [1000, kind === 'means' ? 0 : 0.3],
            ]
          : [
              [0, 2],
              [0.3, 2],
              [1, 3],
              [3, 1],
              [8, 0.4],
            ],
      );
      tags.push(`tau_${by}${term ? `[${term}]` : ''} ${tau}`);
      const deviation = draws(tau);
      add((i) => {
        const key = `${nested && by === 'h' ? columns['g']![i] : ''}${columns[by]![i]}${term === 'f' ? columns['f']![i] : ''}`;
        return deviation(key) * (term === null || term === 'f' ? 1 : standardised.get(term)![i]!);
      });
    }
  }
  return eta;
}

function gaussianResponse({ kind, chance, columns, tags }: CaseParts, eta: readonly number[]): RandomResponse {
  const { normal, uniform, among, maybe, whole } = chance;
  const ordinary = kind === 'gauss' || kind === 'small';
  const sigma = ordinary
    ? among<number>([
        [1, 8],
        [1e-3, 1],
        [1e-6, 0.3],
        [100, 1],
      ])
    : 1;
  const shift =
    kind === 'means'
      ? among<number>([
          [1e6, 2],
          [1e7, 2],
          [1e8, 1],
          [1e9, 1],
        ])
      : ordinary
        ? among<number>([
            [0, 6],
            [1e3, 1],
            [1e5, 1],
            [1e7, 0.6],
          ])
        : 0;
  const unit = ordinary
    ? among<number>([
        [1, 6],
        [1e-4, 1],
        [1e5, 1],
        [1e-8, 0.3],
      ])
    : 1;
  if (shift !== 0) tags.push(`shift ${shift}`);
  if (unit !== 1) tags.push(`unit ${unit}`);
  if (sigma !== 1) tags.push(`sigma ${sigma}`);
  if (ordinary && maybe(0.15)) {
    columns['w'] = eta.map(() =>
      among<number>([
        [whole(1, 5), 3],
        [0.01 + 3 * uniform(), 3],
        [1000 * uniform() + 1, 0.5],
      ]),
    );
  } else if (ordinary && maybe(0.05)) columns['s'] = eta.map(() => unit * sigma * (0.3 + uniform()));
  const rounded = kind === 'ties' || maybe(0.1);
  if (rounded) tags.push('rounded');
  columns['y'] = eta.map((mean, i) => {
    const value =
      (mean + (sigma * normal()) / Math.sqrt((columns['w']?.[i] as number | undefined) ?? 1)) * unit + shift;
    return rounded ? Math.round(value / unit) * unit : value;
  });
  const left = columns['w'] ? 'y | weights(w)' : columns['s'] ? 'y | se(s)' : 'y';
  return { left, leftR: 'y', method: maybe(0.5) ? 'REML' : 'ML', points: null };
}

function binaryResponse(
  { chance, columns, tags }: CaseParts,
  eta: readonly number[],
  probit: boolean,
  scalar: boolean,
): RandomResponse {
  const { normal, uniform, among, maybe, whole } = chance;
  const success = (value: number) => (probit ? value + normal() > 0 : uniform() < 1 / (1 + Math.exp(-value)));
  const counts = !probit && maybe(0.4);
  if (counts) {
    columns['m'] = eta.map(() =>
      among<number>([
        [1, 1],
        [whole(2, 12), 4],
        [whole(20, 400), 0.5],
      ]),
    );
    tags.push('counts');
  } else if (maybe(0.1)) columns['w'] = eta.map(() => whole(1, 4));
  columns['y'] = eta.map((value, i) => {
    let successes = 0;
    for (let t = counts ? (columns['m']![i] as number) : 1; t > 0; t -= 1) successes += success(value) ? 1 : 0;
    return successes;
  });
  const method = scalar && maybe(0.4) ? 'agq' : 'laplace';
  return {
    left: counts ? 'y | trials(m)' : columns['w'] ? 'y | weights(w)' : 'y',
    leftR: counts ? 'cbind(y, m - y)' : 'y',
    method,
    points: method === 'agq' ? chance.pick([1, 5, 9, 25]) : null,
  };
}

/** Answers in two to five levels, all of which occur, by thresholds of a latent variable. */
function orderedResponse(
  { chance, columns, tags }: CaseParts,
  eta: readonly number[],
  probit: boolean,
  scalar: boolean,
): RandomResponse {
  const { normal, uniform, maybe, whole } = chance;
  const K = whole(2, 5);
  const cuts = Array.from({ length: K - 1 }, () => 1.5 * normal()).sort((a, b) => a - b);
  const noise = () => {
    const u = uniform();
    return probit ? normal() : Math.log(u / (1 - u));
  };
  const y = eta.map((value) => {
    const latent = value + noise();
    return cuts.filter((cut) => latent > cut).length;
  });
  for (let k = 0; k < K; k += 1) if (!y.includes(k)) y[k] = k;
  const occurring = [...new Set(y)].sort((a, b) => a - b);
  columns['y'] = y.map((k) => `l${letters(k)}`);
  tags.push(`${occurring.length} levels`);
  if (maybe(0.1)) columns['w'] = eta.map(() => whole(1, 4));
  const method = scalar && maybe(0.4) ? 'agq' : 'laplace';
  return {
    left: columns['w'] ? 'y | weights(w)' : 'y',
    leftR: 'y',
    method,
    points: method === 'agq' ? chance.pick([1, 5, 9, 25]) : null,
    levels: occurring.map((k) => `l${letters(k)}`),
  };
}
