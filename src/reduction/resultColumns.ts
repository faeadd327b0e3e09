import type { ModelGraph } from '../graph/node.ts';
import { reductionPlan, type TableColumns } from './reductionPlan.ts';

/** The names of the columns that the statement of a model gives, and `fromReduced` reads. */
export function resultColumns(graph: ModelGraph, options: Partial<Pick<TableColumns, 'text' | 'carried'>>): string[] {
  const { keys, attributes, quantities, basis } = reductionPlan(graph, {
    kinds: null,
    text: [],
    carried: [],
    ...options,
  });
  const sums = basis.flatMap((_, i) => [`s${i}`, ...Array.from({ length: i + 1 }, (_entry, j) => `c${i}_${j}`)]);
  return [
    ...keys.map((_, k) => `k${k}`),
    'n',
    ...attributes.flatMap((_, a) => [`a${a}`, `b${a}`]),
    ...(basis.length > 0 ? ['bits', 'total', 'everything'] : []),
    ...quantities.flatMap((_, q) => [`shift${q}`, `unit${q}`]),
    ...sums,
  ];
}
