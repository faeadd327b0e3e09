import { formulaGuard } from '../data/formulaGuard.ts';
import type { Draws } from '../mcmc/draws.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { notFinite } from './drawsJson.ts';
import { numberText } from './numberText.ts';

/** The flat names of all scalars in the order of the draws: `beta[floor]`, `u_county[AITKIN,floor]`, `sigma`. */
export function flatNames(draws: Draws): string[] {
  return draws.variables.flatMap(scalarNames);
}

/**
 * The draws of scalar number `scalar` (its name for errors) in one chain, each as text that reads back to the same
 * double.
 * Throws `non-finite-draw`.
 */
export function seriesText(draws: Draws, scalar: number, name: string, chain: number): string[] {
  const { chains, iterations, values } = draws;
  const start = (scalar * chains + chain) * iterations;
  const texts = new Array<string>(iterations);
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const value = values[start + iteration]!;
    if (!(value - value === 0)) throw notFinite(name, value, chain, iteration);
    texts[iteration] = numberText(value);
  }
  return texts;
}

/**
 * A CSV cell that neither a spreadsheet nor a terminal runs: in double quotes where it holds a comma, a quote, a line
 * break, or a space at an end (RFC 4180).
 */
export function csvCell(text: string): string {
  const safe = formulaGuard(text);
  return /[",\r\n]|^\s|\s$/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
