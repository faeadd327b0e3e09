import type { Frame, ModelData, Table } from '../../data/frame.ts';
import { usableColumns } from '../../data/toFrame.ts';
import { designNewRows, type NewDesign, type NewGroupTerm, newRowSource } from '../../design/build/newRows.ts';
import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { modelData } from '../../design/columns/modelData.ts';
import { ModelError } from '../../errors.ts';
import { oneOf, textList } from '../../input/acceptedValue.ts';
import { optionError } from '../../input/optionError.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import type { Rng } from '../../random/rng.ts';
import { groupDraws } from '../groupDraws.ts';
import { factorPosition, type ModelFit } from '../modelFit.ts';
import type { PredictorRows, PredictorTerm } from './linearPredictor.ts';
import { newGroupDraws } from './newGroupDraws.ts';

/**
 * What a group the fit has not gets: a deviation from N(0, Sigma) in each draw, none (the population line), or an
 * error.
 */
export type NewGroups = 'draw' | 'population' | 'error';

/** Rows other than those of the fit. */
export interface NewRowsOptions {
  /** Positions of the group terms that take part. */
  readonly factors: readonly number[];
  readonly newGroups: NewGroups;
  /** What messages call the rows: `newdata`, `cells`. */
  readonly where: string;
  readonly rng: Rng;
}

/** Rows of a table with all that a prediction of them needs. */
export interface NewRows {
  readonly rows: PredictorRows;
  readonly frame: Frame;
  /** The columns of the table, of the group tables given with it and of those of the fit. */
  readonly source: ColumnSource;
  /**
   * Level-2 predictors that contradict the fit's (see `NewGroupTerm.contradictions`), of the factors that take part.
   */
  readonly notes: readonly string[];
  /** Why each row is not estimable; null where it is. */
  readonly notEstimable: readonly (string | null)[];
}

/** Rows of a table matched to the terms and groups of a fit, and what is to be said of them. */
export interface MatchedRows extends Omit<NewRows, 'rows'> {
  readonly design: NewDesign;
}

/**
 * The rows of a table matched to a fit of either kind. Throws what `designNewRows` does, `missing-group` and
 * `new-group`.
 */
export function matchRows(
  fit: ModelFit,
  newdata: ModelData | Table,
  { factors, newGroups, where }: Omit<NewRowsOptions, 'rng'>,
): MatchedRows {
  const data = modelData(newdata, where);
  const frame = usableColumns(data.rows, where);
  const design = designNewRows(fit.design, frame, data.groups, where);
  for (const f of factors) checkGroups(design.terms[f]!, newGroups, where);
  return {
    design,
    frame,
    source: newRowSource(fit.design, frame, data.groups ?? {}, where),
    notes: factors.flatMap((f) => design.terms[f]!.contradictions),
    notEstimable: design.notEstimable,
  };
}

/**
 * The rows of a table as the linear predictor takes them, and what is to be said of it. Throws what `matchRows` does.
 */
export function rowsToPredict(fit: Fit, newdata: ModelData | Table, options: NewRowsOptions): NewRows {
  const { factors, newGroups, rng } = options;
  const { design, ...matched } = matchRows(fit, newdata, options);
  const terms = factors.map((f): PredictorTerm => {
    const { q } = fit.design.groupTerms[f]!;
    const found = design.terms[f]!;
    const draws = groupDraws(fit, f);
    const fresh = newGroups === 'draw' ? newGroupDraws(fit, f, found.newLevels.length, rng) : null;
    const u = (i: number, k: number): Float64Array | null => {
      const j = found.index[i]!;
      if (j >= 0) return draws.u(j, k);
      return fresh ? fresh[found.newIndex[i]! * q + k]! : null;
    };
    // Below -1 the groups that the fit has not.
    const group = found.index.map((j, i) => (j >= 0 || !fresh ? j : -2 - found.newIndex[i]!));
    return { group, q, Z: found.Z, u };
  });
  return { rows: { X: design.X, offset: design.offset, terms }, ...matched };
}

/** Throws `not-estimable`, naming the row, where draws are wanted of a row that has none. */
export function checkDraws(notEstimable: readonly (string | null)[], where: string): void {
  const i = notEstimable.findIndex((reason) => reason !== null);
  if (i < 0) return;
  throw new ModelError(
    'not-estimable',
    where,
    `row ${i + 1} of ${where} has no draws: ${notEstimable[i]}; leave such rows out, or ask for no draws, which gives null with the reason`,
  );
}

/** What the option `newGroups` accepts. */
export const NEW_GROUPS = oneOf('draw', 'population', 'error');

function checkGroups(found: NewGroupTerm, newGroups: NewGroups, where: string): void {
  const { factor } = found;
  if (!found.present) {
    throw new ModelError(
      'missing-group',
      factor,
      `${where} does not say which ${factor} a row belongs to; give the column, or leave the factor out with the option groups`,
    );
  }
  if (newGroups === 'error' && found.newLevels.length > 0) {
    const others = found.newLevels.length > 1 ? ` and ${found.newLevels.length - 1} more` : '';
    throw new ModelError(
      'new-group',
      factor,
      `${factor} ${quote(found.newLevels[0])}${others} in ${where} is no group of the fit, and newGroups is 'error'; 'draw' and 'population' predict new groups`,
    );
  }
}

/** Positions of the group terms that take part. Throws `option` and `unknown-factor`. */
export function takingPart(fit: ModelFit, groups: 'all' | 'none' | readonly string[]): number[] {
  if (groups === 'all') return fit.design.groupTerms.map((_, f) => f);
  if (groups === 'none') return [];
  if (!textList.accepts(groups)) throw optionError('groups', groups, "'all', 'none' or a list of grouping factors");
  return [...new Set(groups.map((factor) => factorPosition(fit.design, factor)))];
}
