import { isMissing } from '../../data/frame.ts';
import { atomEvaluator } from '../../design/columns/atomValue.ts';
import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { fixedEncoder } from '../../design/columns/learningEncoder.ts';
import { rowMajor, termColumns } from '../../design/columns/termColumns.ts';
import type { Design, SigmaGroups, StructuredGroups } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { makeTerm, parseTerm } from '../../formula/terms.ts';
import { graphParts } from '../../graph/formulaText.ts';
import { quote } from '../../input/quote.ts';

/** What new rows say of their residuals. */
export interface NewResiduals {
  /** The group of each row among those of the fit, -1 for a new one. */
  readonly group: Int32Array;
  /** Where each row lies in time, as the positions of `StructuredGroups` do; 0 without a structure. */
  readonly position: Float64Array;
  /** Columns of sigma, n x m; null without. */
  readonly W: Float64Array | null;
  /** The group of each row among those with residual sds of their own, -1 for a new one, and its level. */
  readonly sdGroup: Int32Array;
  readonly sdLevel: (i: number) => string;
}

/**
 * Groups, times and columns of sigma of new rows. Throws `unknown-column` and the like for a column that is nowhere,
 * `residual-time` for a time that the structure cannot place: an occasion of no row of the fit, no whole number of
 * steps, or one that a row of the same group has already.
 */
export function newResiduals(design: Design, newdata: ColumnSource): NewResiduals {
  const { n } = newdata;
  const { residual, graph } = design;
  const terms = (graphParts(graph).response.sigmaTerms ?? []).map((text) => parseTerm(text));
  const evaluate = atomEvaluator(newdata, fixedEncoder(design.encoding));
  const columns = termColumns([makeTerm([]), ...terms], evaluate, n).filter(({ parts }) => parts.length > 0);
  const W = residual?.sigma ? rowMajor(columns, n) : null;
  const sds = sdGroups(design, newdata);
  const groups = residual?.groups;
  if (!groups) return { group: new Int32Array(n).fill(-1), position: new Float64Array(n), W, ...sds };
  const group = knownGroups(groups, newdata);
  return { group, position: positionsOf(design, groups, newdata, group), W, ...sds };
}

/** The level of each new row among those of the fit, -1 for a new one. */
function knownGroups(
  { factor, levels: own }: Pick<SigmaGroups, 'factor' | 'levels'>,
  newdata: ColumnSource,
): Int32Array {
  const { levels, index } = newdata.factor(factor);
  const known = new Map(own.map((level, j) => [level, j]));
  return Int32Array.from(index, (level) => (level < 0 ? -1 : (known.get(levels[level]!) ?? -1)));
}

function sdGroups({ residual }: Design, newdata: ColumnSource): Pick<NewResiduals, 'sdGroup' | 'sdLevel'> {
  const groups = residual?.sigmaGroups;
  if (!groups) return { sdGroup: new Int32Array(newdata.n).fill(-1), sdLevel: () => '' };
  const { levels, index } = newdata.factor(groups.factor);
  return { sdGroup: knownGroups(groups, newdata), sdLevel: (i) => levels[index[i]!] ?? '' };
}

function positionsOf(design: Design, groups: StructuredGroups, newdata: ColumnSource, group: Int32Array): Float64Array {
  const { time } = graphParts(design.graph).response.residual!;
  const out = new Float64Array(newdata.n);
  if (time === undefined) return out;
  const column = newdata.column(time);
  const places = new Map(groups.occasions.map((label, t) => [label, groups.positions[t]!]));
  const first = new Map<number, number>();
  const taken = new Set<string>();
  groups.index.forEach((j, i) => {
    const position = groups.positions[groups.occasion[i]!]!;
    if (!first.has(j)) first.set(j, position);
    taken.add(`${j} ${position}`);
  });
  for (let i = 0; i < newdata.n; i++) {
    const row = newdata.rowName(i);
    const fail = (sentence: string) => new ModelError('residual-time', time, `${time}: ${row} ${sentence}`);
    if (isMissing(column, i)) throw fail('has no time, and its residual depends on it');
    const label = String(column.values[i]);
    const value = Number(label);
    const own =
      groups.origin === null || column.kind === 'text' ? places.get(label) : (value - groups.origin) / groups.step;
    if (own === undefined) {
      throw fail(`is at ${quote(label)}, which no row of the fit is; its occasions are ${groups.occasions.join(', ')}`);
    }
    const j = group[i]!;
    const steps = own - (first.get(j) ?? 0);
    if (j >= 0 && groups.structure !== 'car1' && steps !== Math.round(steps)) {
      throw fail(`is at ${label}, no whole number of steps of ${groups.step} from the rows of its group`);
    }
    if (j >= 0 && taken.has(`${j} ${own}`)) {
      throw fail(
        `is of ${groups.factor} ${quote(groups.levels[j]!)} at ${label}, where the fit has a row of that group already`,
      );
    }
    out[i] = own;
  }
  return out;
}
