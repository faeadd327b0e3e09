import type { Design } from '../../design/design.ts';
import { gather } from '../../design/designOfRows.ts';
import { type ComparedRows, equalRows } from '../../products/equalRows.ts';

/** X, offset and the Z of each group term at n points, all row-major. */
export interface PointColumns {
  readonly X: Float64Array;
  readonly offset: Float64Array | null;
  readonly Z: readonly Float64Array[];
}

/**
 * Points of the linear predictor whose means, or slopes, are added up in parts: that of part a is the sum over its
 * points of weight_i G(eta_i), or of weight_i dG(eta_i) / dx where `slope` has the derivatives of the columns by x.
 */
export interface EffectPoints {
  readonly n: number;
  readonly at: PointColumns;
  /** The level of each point in each group term; -1 for none. */
  readonly index: readonly Int32Array[];
  readonly slope: PointColumns | null;
  readonly part: Int32Array;
  readonly weight: Float64Array;
}

/** The same sums with a point for each class of equal points of a part. Groups are told apart where they count. */
export function mergePoints(design: Design, points: EffectPoints, groupsCount: boolean): EffectPoints {
  const { n, at, slope, part, weight } = points;
  const widths = design.groupTerms.map(({ q }) => q);
  const index = groupsCount ? points.index : points.index.map(() => new Int32Array(n).fill(-1));
  const compared: ComparedRows[] = [{ values: part, width: 1 }];
  for (const columns of slope ? [at, slope] : [at]) {
    compared.push({ values: columns.X, width: design.p });
    columns.Z.forEach((values, f) => {
      compared.push({ values, width: widths[f]! });
    });
    if (columns.offset) compared.push({ values: columns.offset, width: 1 });
  }
  for (const values of index) compared.push({ values, width: 1 });
  const classes = equalRows(n, compared);
  const total = new Float64Array(classes.count);
  for (let i = 0; i < n; i++) total[classes.index[i]!]! += weight[i]!;
  // What cancels, as the two ends of a comparison that changes nothing, is not gone through.
  const chosen = classes.first.filter((_, c) => total[c] !== 0);
  const columns = ({ X, offset, Z }: PointColumns): PointColumns => ({
    X: gather(X, design.p, chosen),
    offset: offset && gather(offset, 1, chosen),
    Z: Z.map((values, f) => gather(values, widths[f]!, chosen)),
  });
  return {
    n: chosen.length,
    at: columns(at),
    index: index.map((levels) => chosen.map((i) => levels[i]!)),
    slope: slope && columns(slope),
    part: chosen.map((i) => part[i]!),
    weight: total.filter((value) => value !== 0),
  };
}

/** Points of one design, one set after the other. */
export function joinPoints(sets: readonly EffectPoints[]): EffectPoints {
  if (sets.length === 1) return sets[0]!;
  const first = sets[0]!;
  const doubles = (of: (set: EffectPoints) => Float64Array): Float64Array => {
    const out = new Float64Array(sets.reduce((sum, set) => sum + of(set).length, 0));
    let start = 0;
    for (const set of sets) {
      out.set(of(set), start);
      start += of(set).length;
    }
    return out;
  };
  const integers = (of: (set: EffectPoints) => Int32Array): Int32Array =>
    Int32Array.from(sets.flatMap((set) => Array.from(of(set))));
  const columns = (of: (set: EffectPoints) => PointColumns): PointColumns => ({
    X: doubles((set) => of(set).X),
    offset: sets.some((set) => of(set).offset) ? doubles((set) => of(set).offset ?? new Float64Array(set.n)) : null,
    Z: of(first).Z.map((_, f) => doubles((set) => of(set).Z[f]!)),
  });
  return {
    n: sets.reduce((sum, { n }) => sum + n, 0),
    at: columns((set) => set.at),
    index: first.index.map((_, f) => integers((set) => set.index[f]!)),
    slope: first.slope && columns((set) => set.slope!),
    part: integers((set) => set.part),
    weight: doubles((set) => set.weight),
  };
}
