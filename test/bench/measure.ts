import { readFileSync } from 'node:fs';
import { essBulk, essTail } from '../../diagnostics/index.ts';
import { parseCsv } from '../../src/data/csv.ts';
import type { Frame } from '../../src/data/frame.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';

/** The data set of that name in test/fixtures/data. */
export function read(name: string): Frame {
  return parseCsv(readFileSync(new URL(`../fixtures/data/${name}.csv`, import.meta.url), 'utf8'), `${name}.csv`);
}

/** CPU seconds of this process, user and system. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The smallest effective sample sizes over all scalars of a fit. */
export function smallest(fit: Fit): { bulk: number; tail: number } {
  let bulk = Infinity;
  let tail = Infinity;
  for (const { offset, size } of fit.draws.variables) {
    for (let i = 0; i < size; i += 1) {
      const chains = scalarChains(fit.draws, offset + i);
      bulk = Math.min(bulk, essBulk(chains));
      tail = Math.min(tail, essTail(chains));
    }
  }
  return { bulk, tail };
}
