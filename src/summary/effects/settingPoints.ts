import type { Column } from '../../data/frame.ts';
import { designNewRows } from '../../design/build/newRows.ts';
import type { Design } from '../../design/design.ts';
import { gather } from '../../design/designOfRows.ts';
import type { EffectBase } from './effectBase.ts';
import type { EffectPoints, PointColumns } from './effectPoints.ts';
import type { Predictor } from './predictors.ts';

/** The points of all members where some columns have other values, and why rows of the base are not estimable. */
export interface SettingPoints {
  readonly points: EffectPoints;
  readonly reasons: readonly (string | null)[];
}

/** Columns that are set on the frame of a base. */
export type SetColumns = ReadonlyMap<string, Column>;

/**
 * The points of a base with columns set; part numbers are `partOf(part of the base)`, weights shares times `weight`.
 */
export function settingPoints(
  design: Design,
  base: EffectBase,
  set: SetColumns,
  weight: number,
  partOf: (part: number) => number,
): SettingPoints {
  const found = designOf(design, base, set);
  return { points: pointsOf(design, base, found.columns, null, weight, partOf), reasons: found.reasons };
}

/** Differences are taken over this share of an sd of the predictor. */
const STEP = 1e-3;

/**
 * The same with the derivatives of the columns by a predictor of numbers: differences at x +- h and x +- 2 h, exact for
 * what is linear in x and with an error of order h^4 else, h a power of two near 1e-3 of the sd of x in the data
 * (`spread`), so that x + h is not rounded where it need not be. Where a term has a domain (log(x), `bounded`) h is
 * near 1e-3 |x| if that is less.
 */
export function slopePoints(
  design: Design,
  base: EffectBase,
  set: SetColumns,
  { name, bounded }: Extract<Predictor, { readonly kind: 'number' }>,
  x: Float64Array,
  spread: number,
  partOf: (part: number) => number,
): SettingPoints {
  const found = designOf(design, base, set);
  const h = x.map((value) => {
    const wide = spread || Math.abs(value) || 1;
    const size = bounded && value !== 0 ? Math.min(wide, Math.abs(value)) : wide;
    return 2 ** Math.floor(Math.log2(STEP * size));
  });
  const shifted = (times: number): PointColumns => {
    const moved: Column = { kind: 'number', values: x.map((value, i) => value + times * h[i]!) };
    return designOf(design, base, new Map([...set, [name, moved]])).columns;
  };
  const [a, b, c, d] = [shifted(1), shifted(-1), shifted(2), shifted(-2)];
  const of = (get: (columns: PointColumns) => Float64Array, width: number): Float64Array => {
    const [near, back, far, end] = [get(a), get(b), get(c), get(d)];
    return near.map(
      (value, at) => (8 * (value - back[at]!) - (far[at]! - end[at]!)) / (12 * h[Math.floor(at / width)]!),
    );
  };
  const slope: PointColumns = {
    X: of(({ X }) => X, design.p),
    offset: found.columns.offset && of(({ offset }) => offset!, 1),
    Z: design.groupTerms.map(({ q }, f) => of(({ Z }) => Z[f]!, q)),
  };
  return { points: pointsOf(design, base, found.columns, slope, 1, partOf), reasons: found.reasons };
}

function designOf(
  design: Design,
  base: EffectBase,
  set: SetColumns,
): { readonly columns: PointColumns; readonly reasons: readonly (string | null)[] } {
  const frame = { n: base.frame.n, columns: new Map([...base.frame.columns, ...set]) };
  const { X, offset, terms, notEstimable } = designNewRows(design, frame, {}, 'the rows of the effect');
  return { columns: { X, offset, Z: terms.map(({ Z }) => Z) }, reasons: notEstimable };
}

function pointsOf(
  design: Design,
  base: EffectBase,
  at: PointColumns,
  slope: PointColumns | null,
  weight: number,
  partOf: (part: number) => number,
): EffectPoints {
  const { row, part, share, exposure, index } = base;
  const columns = ({ X, offset, Z }: PointColumns): PointColumns => ({
    X: gather(X, design.p, row),
    offset: offset && gather(offset, 1, row),
    Z: Z.map((values, f) => gather(values, design.groupTerms[f]!.q, row)),
  });
  return {
    n: row.length,
    at: columns(at),
    slope: slope && columns(slope),
    index,
    part: part.map(partOf),
    weight: share.map((value, m) => weight * value * (exposure ? exposure[m]! : 1)),
  };
}
