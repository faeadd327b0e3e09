import type { Design, GroupTerm, Level2 } from './design.ts';

/** The design with the given columns of X alone (0-based, ascending), and the level-2 views over them. */
export function keptColumns(design: Design, kept: Int32Array): Design {
  const { n, p, X } = design;
  const width = kept.length;
  const chosen = new Float64Array(n * width);
  for (let i = 0; i < n; i++) for (let k = 0; k < width; k++) chosen[i * width + k] = X[i * p + kept[k]!]!;
  return {
    ...design,
    p: width,
    columns: Array.from(kept, (column) => design.columns[column]!),
    X: chosen,
    groupTerms: design.groupTerms.map((term) => ({ ...term, level2: keptPredictors(term, kept) })),
  };
}

/** The level-2 view over the kept columns; a level-2 predictor whose products are all left out is left out too. */
function keptPredictors({ J, q, level2 }: GroupTerm, kept: Int32Array): Level2 {
  const place = new Map(Array.from(kept, (column, k) => [column, k]));
  const columns = level2.columns.map((column) => place.get(column) ?? -1);
  const stays = Array.from({ length: level2.m }, (_, l) => l).filter(
    (l) => l === 0 || Array.from({ length: q }, (_, k) => columns[k * level2.m + l]!).some((column) => column >= 0),
  );
  const m = stays.length;
  const W = new Float64Array(J * m);
  for (let j = 0; j < J; j++) for (let l = 0; l < m; l++) W[j * m + l] = level2.W[j * level2.m + stays[l]!]!;
  const view = new Int32Array(q * m);
  for (let k = 0; k < q; k++) for (let l = 0; l < m; l++) view[k * m + l] = columns[k * level2.m + stays[l]!]!;
  return { m, labels: stays.map((l) => level2.labels[l]!), W, columns: view };
}
