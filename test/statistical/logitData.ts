import type { Table } from '../../src/data/frame.ts';
import { drawBinomial } from '../../src/random/binomial.ts';
import { createRng } from '../../src/random/rng.ts';

/** Rows of a generated group: trials and predictor. */
export type Rows = (j: number) => readonly (readonly [number, number])[];

/** J groups of binomial rows with intercepts N(intercept, tau^2) and one slope: columns y, n, x and g. */
export function logitData(seed: number, J: number, rows: Rows, intercept: number, tau: number, slope = 0): Table {
  const rng = createRng([seed]);
  const y: number[] = [];
  const n: number[] = [];
  const x: number[] = [];
  const g: string[] = [];
  for (let j = 0; j < J; j += 1) {
    const level = intercept + tau * rng.normal();
    for (const [trials, predictor] of rows(j)) {
      const eta = level + slope * predictor;
      y.push(drawBinomial(trials, 1 / (1 + Math.exp(-eta)), 1 / (1 + Math.exp(eta)), rng));
      n.push(trials);
      x.push(predictor);
      g.push(`g${j}`);
    }
  }
  return { y, n, x, g };
}
