import { readFileSync } from 'node:fs';
import { mcseMean, mcseSd } from '../../diagnostics/mcse.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { scalarNames } from '../../src/mcmc/layout.ts';
import { evidence } from './evidence.ts';

/**
 * A number from outside: a posterior mean and sd, with the Monte Carlo standard errors of an engine that samples (0 for
 * quadrature).
 */
export interface Reference {
  readonly name: string;
  readonly mean: number;
  readonly sd: number;
  readonly mcseMean: number;
  readonly mcseSd: number;
}

/** What one comparison found. */
export interface Comparison {
  readonly name: string;
  /** Differences of mean and sd in combined Monte Carlo standard errors. */
  readonly zMean: number;
  readonly zSd: number;
  readonly mcseMean: number;
  readonly mcseSd: number;
  readonly sd: number;
}

/** The chains of every scalar of a fit by name; `b_<factor>[level,term]` names gamma w_j + u_j. */
export function namedChains(fit: Fit): Map<string, ArrayLike<number>[]> {
  const chains = new Map<string, ArrayLike<number>[]>();
  for (const variable of fit.draws.variables) {
    scalarNames(variable).forEach((name, i) => {
      chains.set(name, scalarChains(fit.draws, variable.offset + i));
    });
  }
  for (const term of fit.design.groupTerms) {
    const { factor, levels, labels, level2 } = term;
    levels.forEach((level, j) => {
      labels.forEach((label, k) => {
        const parts: { weight: number; chains: ArrayLike<number>[] }[] = [
          { weight: 1, chains: chains.get(`u_${factor}[${level},${label}]`)! },
        ];
        for (let l = 0; l < level2.m; l += 1) {
          const column = level2.columns[k * level2.m + l]!;
          if (column < 0) continue;
          parts.push({
            weight: level2.W[j * level2.m + l]!,
            chains: chains.get(`beta[${fit.design.columns[column]!.label}]`)!,
          });
        }
        const sums = parts[0]!.chains.map((_, c) =>
          Float64Array.from({ length: fit.draws.iterations }, (_, t) =>
            parts.reduce((sum, part) => sum + part.weight * part.chains[c]![t]!, 0),
          ),
        );
        chains.set(`b_${factor}[${level},${label}]`, sums);
      });
    });
  }
  return chains;
}

export function compareWith(fit: Fit, references: readonly Reference[]): Comparison[] {
  const chains = namedChains(fit);
  return references.map((reference) => {
    const own = chains.get(reference.name);
    if (!own) throw new Error(`no scalar ${reference.name} among ${[...chains.keys()].slice(0, 12).join(', ')}`);
    const { mean, sd } = moments(own);
    const ownMean = mcseMean(own);
    const ownSd = mcseSd(own);
    return {
      name: reference.name,
      zMean: (mean - reference.mean) / Math.hypot(ownMean, reference.mcseMean),
      zSd: (sd - reference.sd) / Math.hypot(ownSd, reference.mcseSd),
      mcseMean: ownMean,
      mcseSd: ownSd,
      sd,
    };
  });
}

/** Scalars of one fit, all unless named, with their Monte Carlo errors, as references for another. */
export function asReference(fit: Fit, names: Iterable<string> = namedChains(fit).keys()): Reference[] {
  const zero = [...names].map((name) => ({ name, mean: 0, sd: 0, mcseMean: 0, mcseSd: 0 }));
  return compareWith(fit, zero).map(({ name, zMean, mcseMean, mcseSd, sd }): Reference => {
    return { name, mean: zMean * mcseMean, sd, mcseMean, mcseSd };
  });
}

function moments(chains: readonly ArrayLike<number>[]): { mean: number; sd: number } {
  let n = 0;
  let mean = 0;
  for (const chain of chains) {
    for (let t = 0; t < chain.length; t += 1) mean += chain[t]!;
    n += chain.length;
  }
  mean /= n;
  let sum = 0;
  for (const chain of chains) for (let t = 0; t < chain.length; t += 1) sum += (chain[t]! - mean) * (chain[t]! - mean);
  return { mean, sd: Math.sqrt(sum / (n - 1)) };
}

/** The comparisons outside `limit` combined Monte Carlo standard errors, as text: an empty list is agreement. */
export function disagreements(comparisons: readonly Comparison[], limit: number): string[] {
  evidence(
    'combined Monte Carlo standard errors',
    comparisons.flatMap(({ zMean, zSd }) => [zMean, zSd]),
    limit,
  );
  return comparisons
    .filter(({ zMean, zSd }) => !(Math.abs(zMean) <= limit && Math.abs(zSd) <= limit))
    .map(({ name, zMean, zSd }) => `${name}: mean off by ${zMean.toFixed(2)}, sd by ${zSd.toFixed(2)} standard errors`);
}

export function fixtureJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../fixtures/posteriors/${name}.json`, import.meta.url), 'utf8')) as T;
}
