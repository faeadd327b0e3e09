import { drawVariables, type Fit, summarize } from '../../../src/index.ts';
import type { ChainNews } from '../protocol.ts';

/** Points of a trace. */
const POINTS = 160;

/**
 * R-hat, effective sample size and traces of draws so far, of the population level alone: groups would take too long
 * for a look in passing.
 */
export function chainNews(fit: Fit): Pick<ChainNews, 'rhat' | 'ess' | 'traces'> {
  if (fit.sampling.iterations < 12) return { rhat: null, ess: null, traces: null };
  const names = fit.draws.variables.map(({ name }) => name).filter((name) => /^(beta|tau_|sigma|corr_|nu)/.test(name));
  const rows = summarize(fit, { variables: names });
  const rhats = rows.map(({ rhat }) => rhat).filter(Number.isFinite);
  const sizes = rows.flatMap(({ essBulk, essTail }) => [essBulk, essTail]).filter(Number.isFinite);
  const variables = drawVariables(fit, names);
  const traced = variables.find(({ name }) => name.startsWith('tau_')) ?? variables[0];
  return {
    rhat: rhats.length > 0 ? Math.max(...rhats) : null,
    ess: sizes.length > 0 ? Math.min(...sizes) : null,
    traces: traced ? { name: traced.name, chains: traced.chains.map((chain) => thinned(chain)) } : null,
  };
}

function thinned(chain: ArrayLike<number>): number[] {
  const count = Math.min(POINTS, chain.length);
  return Array.from({ length: count }, (_, k) => chain[Math.floor(((k + 1) * chain.length) / count) - 1]!);
}
