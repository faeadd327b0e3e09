import type { Column, Frame } from '../../data/frame.ts';
import type { Design } from '../../design/design.ts';
import { needsRows } from '../../design/needsRows.ts';
import { equalRows } from '../../products/equalRows.ts';
import { rowCounts } from '../../products/rowCounts.ts';
import type { ModelFit } from '../modelFit.ts';
import { partsOf } from '../prediction/partsOf.ts';
import { meanExposure } from '../prediction/rowResponse.ts';
import type { Predictors } from './predictors.ts';
import { typicalValue } from './typicalValue.ts';

/** Rows of which designs are made, and the members of which means are taken: rows in groups. */
export interface EffectBase {
  readonly frame: Frame;
  /** By member: its row of the frame, its part and its share of the part. */
  readonly row: Int32Array;
  readonly part: Int32Array;
  readonly share: Float64Array;
  /** By member what its mean is a multiple of, the exposure of counts; null where 1. */
  readonly exposure: Float64Array | null;
  /** By group term the level of each member. */
  readonly index: readonly Int32Array[];
  /** The levels of `by` that name each part, and how many rows of the data it is of. */
  readonly parts: readonly { readonly by: Readonly<Record<string, string | number>>; readonly n: number }[];
}

/** The rows of the fit divided by columns: each is a member, and counts as often as it stands for a row of the data. */
export function rowsBase(fit: ModelFit, { source }: Predictors, by: readonly string[]): EffectBase {
  const { design } = fit;
  needsRows(design, 'effects over the rows', 'moments');
  const { n } = design;
  const parts = partsOf(by, source, 'row');
  const counts = rowCounts(design);
  const sizes = partSizes(design, parts.index, parts.first.length);
  return {
    frame: { n, columns: design.rows.columns },
    row: Int32Array.from({ length: n }, (_, i) => i),
    part: parts.index,
    share: parts.index.length === 0 ? new Float64Array(0) : shares(parts.index, counts, parts.first.length),
    exposure: meanExposure(fit, null),
    index: design.groupTerms.map((term) => term.index),
    parts: parts.first.map((first, a) => ({
      by: Object.fromEntries(by.map((name) => [name, labelOf(source.has(name), name, first)])),
      n: sizes[a]!,
    })),
  };

  function labelOf(stands: boolean, name: string, i: number): string | number {
    if (stands) return source.column(name).values[i]!;
    const { levels, index } = source.factor(name);
    return levels[index[i]!]!;
  }
}

/**
 * A reference row for each part, numbers at their mean and texts at the most frequent one among the rows of the part;
 * its members are the row in every combination of groups that the part has, by their shares of the rows. Exposures are
 * 1.
 */
export function gridBase(fit: ModelFit, found: Predictors, by: readonly string[]): EffectBase {
  const { design } = fit;
  const rows = rowsBase(fit, found, by);
  const { groupTerms } = design;
  const combinations = equalRows(design.n, [
    { values: rows.part, width: 1 },
    ...groupTerms.map(({ index }) => ({ values: index, width: 1 })),
  ]);
  const { first } = combinations;
  const share = new Float64Array(first.length);
  combinations.index.forEach((c, i) => {
    share[c]! += rows.share[i]!;
  });
  const names = new Set([...found.all.map(({ name }) => name), ...found.grouping]);
  const columns = new Map<string, Column>();
  for (const name of names) {
    if (!found.source.has(name)) continue;
    const column = found.source.column(name);
    const named = found.grouping.has(name) || found.all.some((own) => own.name === name && own.kind === 'factor');
    columns.set(name, typicalValue(column, rows.part, rows.share, rows.parts.length, named));
  }
  return {
    frame: { n: rows.parts.length, columns },
    row: first.map((i) => rows.part[i]!),
    part: first.map((i) => rows.part[i]!),
    share,
    exposure: null,
    index: groupTerms.map(({ index }) => first.map((i) => index[i]!)),
    parts: rows.parts,
  };
}

/** How often each row counts over the sum of its part. */
function shares(part: Int32Array, counts: Float64Array | null, parts: number): Float64Array {
  const total = new Float64Array(parts);
  part.forEach((a, i) => {
    total[a]! += counts ? counts[i]! : 1;
  });
  return Float64Array.from(part, (a, i) => (counts ? counts[i]! : 1) / total[a]!);
}

function partSizes({ rows: { reduced } }: Design, part: Int32Array, parts: number): Float64Array {
  const sizes = new Float64Array(parts);
  part.forEach((a, i) => {
    sizes[a]! += reduced ? reduced.counts[i]! : 1;
  });
  return sizes.map(Math.round);
}
