import type { ModelData, Table } from '../data/frame.ts';
import { buildDesign } from '../design/build/buildDesign.ts';
import { dependentColumns } from '../design/columns/dependentColumns.ts';
import type { Design } from '../design/design.ts';
import { fullRank, type RankDeficient } from '../design/fullRank.ts';
import type { GraphNode, ModelGraph } from '../graph/node.ts';
import { coefficientPriors } from '../priors/coefficientPriors.ts';

/** How rows and columns that cannot be fitted as they are enter a sampled model. */
export interface SamplingDesignOptions {
  /** Rows with missing values: an error (default), or dropped. */
  readonly missing?: 'error' | 'drop';
  /** Linearly dependent columns of the population part: see `samplingDesign`. */
  readonly rankDeficient?: RankDeficient;
}

/**
 * The design that is sampled. Where columns of the population part are linearly dependent, they are kept if the
 * posterior is proper all the same, which it is when the columns with flat priors are independent (the prior of another
 * coefficient bounds every direction that the rows leave open); else, and always with `rankDeficient: 'drop'`, it is
 * `fullRank(design, rankDeficient)`.
 */
export function samplingDesign(
  graph: ModelGraph,
  data: ModelData | Table,
  options: SamplingDesignOptions = {},
): Design {
  const { missing = 'error', rankDeficient } = options;
  const whole = buildDesign(graph, data, { missing, rankDeficient: rankDeficient === 'drop' ? 'drop' : 'keep' });
  if (whole.deficiency === undefined || whole.deficiency.leftOut || properWhole(whole)) return whole;
  return fullRank(whole, rankDeficient ?? 'error');
}

/** Whether the columns with flat priors are linearly independent, so that the posterior is proper with all of them. */
export function properWhole(design: Design): boolean {
  const { n, p, X, columns, graph } = design;
  const nodes = new Map<string, GraphNode>(Object.entries(graph.nodes));
  const { sd } = coefficientPriors(design, (name) => {
    const node = nodes.get(name);
    return node?.kind === 'prior' ? node : undefined;
  });
  const flat = columns.flatMap(({ label, parts }, k) => {
    if (sd[k] !== Infinity) return [];
    return [{ label, parts, values: Float64Array.from({ length: n }, (_, i) => X[i * p + k]!) }];
  });
  return dependentColumns(flat, n).length === 0;
}
