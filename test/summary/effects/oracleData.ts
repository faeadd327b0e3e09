import { exp, log } from '../../../src/elementary.ts';
import type { FamilySpelling } from '../../../src/families/family.ts';
import { formula } from '../../../src/formula/formula.ts';
import type { Fit } from '../../../src/mcmc/fit.ts';
import { createRng } from '../../../src/random/rng.ts';
import { normalCdf } from '../../../src/special/normalTail.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

/** A row of the made-up data. */
export type Row = {
  readonly x: number;
  readonly w: number;
  readonly f: string;
  readonly g: string;
  readonly level2: number;
  readonly n: number;
  readonly y: number;
};

/** 70 rows in 6 groups of unequal size, with a level-2 predictor, a factor of three levels and a size. */
export function madeRows(outcome: (rng: ReturnType<typeof createRng>, n: number) => number): Row[] {
  const rng = createRng([5, 1]);
  return Array.from({ length: 70 }, (_, i) => {
    const j = Math.min(5, Math.floor(12 * rng.uniform() ** 2));
    const n = 1 + Math.floor(4 * rng.uniform());
    return {
      x: Math.round(4 * rng.normal()) / 4,
      w: 0.01 + rng.exponential(),
      f: 'ABC'[i % 7 === 0 ? 2 : i % 2]!,
      g: `g${j}`,
      level2: j / 3 - 1,
      n,
      y: outcome(rng, n),
    };
  });
}

/** The families with a formula of the same predictors, and the inverse of their links. */
export const MODELS: readonly {
  readonly family: FamilySpelling;
  readonly response: string;
  readonly outcome: Parameters<typeof madeRows>[0];
  readonly inverse: (eta: number) => number;
  /** How often a row counts, and what its mean is a multiple of. */
  readonly count: (row: Row) => number;
  readonly exposure: (row: Row) => number;
  /** The family's own parameter, which is known. */
  readonly known?: { readonly nu?: number; readonly shape?: number };
  /** Var(y) of a row with this mean. */
  readonly variance: (mu: number, sigma: number) => number;
}[] = [
  {
    family: 'gaussian',
    response: 'y',
    outcome: (rng) => rng.normal(),
    inverse: (eta) => eta,
    count: () => 1,
    exposure: () => 1,
    variance: (_mu, sigma) => sigma ** 2,
  },
  {
    family: 'student',
    response: 'y',
    outcome: (rng) => rng.normal(),
    inverse: (eta) => eta,
    count: () => 1,
    exposure: () => 1,
    known: { nu: 5 },
    variance: (_mu, sigma) => (5 / 3) * sigma ** 2,
  },
  {
    family: 'binomial',
    response: 'y | trials(n)',
    outcome: (rng, n) => Math.floor((n + 1) * rng.uniform()),
    inverse: (eta) => 1 / (1 + exp(-eta)),
    count: ({ n }) => n,
    exposure: () => 1,
    variance: (mu) => mu * (1 - mu),
  },
  {
    family: 'probit',
    response: 'y',
    outcome: (rng) => (rng.uniform() < 0.5 ? 0 : 1),
    inverse: normalCdf,
    count: () => 1,
    exposure: () => 1,
    variance: (mu) => mu * (1 - mu),
  },
  {
    family: 'poisson',
    response: 'y | exposure(n)',
    outcome: (rng) => Math.floor(4 * rng.uniform()),
    inverse: exp,
    count: () => 1,
    exposure: ({ n }) => n,
    variance: (mu) => mu,
  },
  {
    family: 'negbinomial',
    response: 'y',
    outcome: (rng) => Math.floor(4 * rng.uniform()),
    inverse: exp,
    count: () => 1,
    exposure: () => 1,
    known: { shape: 2 },
    variance: (mu) => mu + mu ** 2 / 2,
  },
];

/** Draws from no posterior of y ~ x * f + log(w) + level2 + (1 + x | g). */
export function madeFit({ family, response, outcome, known }: (typeof MODELS)[number]): { fit: Fit; rows: Row[] } {
  const rows = madeRows(outcome);
  const graph = formula(`${response} ~ x * f + log(w) + level2 + (1 + x | g)`, { family, ...known });
  return { rows, fit: syntheticFit(graph, { rows }, { iterations: 3 }) };
}

/** eta of a row in draw s without deviations, written out; then its deviation, and the variance of a new one. */
export function etaOf(fit: Fit, s: number) {
  const labels = fit.design.columns.map(({ label }) => label);
  const beta = (label: string): number => drawOf(fit, 'beta', labels.indexOf(label), s);
  const levels = fit.design.groupTerms[0]!.levels;
  const own = (name: string, at: number): number => drawOf(fit, name, at, s);
  const [a, b, r] = [own('tau_g', 0), own('tau_g', 1), own('corr_g', 0)];
  return {
    line: ({ x, w, f, level2 }: Row): number =>
      beta('Intercept') +
      x * beta('x') +
      (f === 'A' ? 0 : beta(`f${f}`) + x * beta(`x:f${f}`)) +
      log(w) * beta('log(w)') +
      level2 * beta('level2'),
    deviation: (g: string, x: number): number => {
      const j = levels.indexOf(g);
      return own('u_g', 2 * j) + x * own('u_g', 2 * j + 1);
    },
    variance: (x: number): number => a * a + 2 * x * r * a * b + x * x * b * b,
  };
}
