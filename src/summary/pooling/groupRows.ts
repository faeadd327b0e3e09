import type { GroupTerm } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { type Whitening, whitening } from '../../residual/whitening.ts';
import type { ModelFit } from '../modelFit.ts';
import { residualPlaces } from '../residualPlaces.ts';
import { residualPoint } from '../residualPoint.ts';
import type { GroupInformation } from './shrinkageWeight.ts';

/** What the rows of each group of a factor say where residuals depend on each other or have sds of their own. */
export interface GroupRows {
  /** Z_j' R_j^-1 Z_j in units of 1 / scale^2, R_j the covariance of the residuals of the rows of group j. */
  readonly information: GroupInformation;
  /** By draw, or the one of the estimates: the sd at the means of the columns of sigma. */
  readonly scale: Float64Array;
  /** At posterior means, or the estimates: makes a column of the rows independent with variance sigma2. */
  readonly whiten: (column: Float64Array) => void;
  readonly sigma2: number;
}

/**
 * The rows of every group of a term, those of other groups left aside: R_j is the part of R that is theirs, also where
 * the groups of the residual structure lie across the term's.
 */
export function groupRows(fit: ModelFit, term: GroupTerm): GroupRows {
  const { design } = fit;
  const model = residualModel(design);
  const rows = whitening(design, model, term.index, term.J);
  const moveTo = (coordinates: Float64Array): void => {
    if (model.at(coordinates) && rows.refresh()) return;
    const message = 'the residuals of some rows are all but equal, and their covariance has no inverse';
    throw new ModelError('numeric-failure', design.response.label, message);
  };
  const A = new Float64Array(term.J * term.q * term.q);
  const { count, placeAt } = residualPlaces(fit, model);
  const information = (draw: number): Float64Array => {
    moveTo(placeAt(draw).coordinates);
    return informationOf(term, rows, A);
  };
  const point = residualPoint(fit, model);
  return {
    information: fit.kind === 'mcmc' ? information : information(0),
    scale: Float64Array.from({ length: count }, (_, s) => placeAt(s).unit),
    whiten(column) {
      moveTo(point.coordinates);
      rows.apply(column);
    },
    sigma2: point.unit ** 2,
  };
}

function informationOf({ q, Z, index }: GroupTerm, rows: Whitening, A: Float64Array): Float64Array {
  const columns = Array.from({ length: q }, (_, k) => {
    const column = Float64Array.from(index, (_level, i) => Z[i * q + k]!);
    rows.apply(column);
    return column;
  });
  A.fill(0);
  index.forEach((j, i) => {
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < q; b++) A[(j * q + a) * q + b]! += columns[a]![i]! * columns[b]![i]!;
    }
  });
  return A;
}
