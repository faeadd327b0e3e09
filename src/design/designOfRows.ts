import { type Frame, selectRows } from '../data/frame.ts';
import type { Design, GroupTerm, ResidualColumns } from './design.ts';

/**
 * The design of some rows of a design, by their positions in ascending order: columns, levels and group tables stay as
 * they are, so that draws and coefficients of the two have the same places, and what data-dependent terms (`scale(x)`)
 * learnt of all rows stays learnt. A level may have no row left. `deficiency` is that of all rows.
 */
export function designOfRows(design: Design, chosen: Int32Array): Design {
  const { response, groupTerms, X, p } = design;
  const of = (values: Float64Array | null): Float64Array | null => values && gather(values, 1, chosen);
  return {
    ...design,
    n: chosen.length,
    X: gather(X, p, chosen),
    response: {
      ...response,
      y: gather(response.y, 1, chosen),
      trials: of(response.trials),
      exposure: of(response.exposure),
      offset: of(response.offset),
      weights: of(response.weights),
      standardErrors: of(response.standardErrors),
      ...(response.copies ? { copies: gather(response.copies, 1, chosen) } : {}),
    },
    groupTerms: groupTerms.map((term) => chosenTerm(term, chosen)),
    ...(design.residual ? { residual: chosenResidual(design.residual, chosen) } : {}),
    rows: chosenRows(design.rows, chosen),
    kept: chosen.map((i) => design.kept?.[i] ?? i),
  };
}

/** A group term of the chosen rows, all its levels kept. */
export function chosenTerm(term: GroupTerm, chosen: Int32Array): GroupTerm {
  const index = chosen.map((i) => term.index[i]!);
  const counts = new Int32Array(term.J);
  for (const j of index) counts[j]! += 1;
  return { ...term, index, counts, Z: gather(term.Z, term.q, chosen) };
}

/** What is known of the residuals of the chosen rows, all groups and occasions kept. */
function chosenResidual({ groups, sigma, sigmaGroups }: ResidualColumns, chosen: Int32Array): ResidualColumns {
  return {
    groups: groups && {
      ...groups,
      index: chosen.map((i) => groups.index[i]!),
      occasion: chosen.map((i) => groups.occasion[i]!),
    },
    sigma: sigma && { ...sigma, W: gather(sigma.W, sigma.m, chosen) },
    sigmaGroups: sigmaGroups && { ...sigmaGroups, index: chosen.map((i) => sigmaGroups.index[i]!) },
  };
}

/** The chosen rows of a frame. */
export function chosenRows(rows: Frame, chosen: Int32Array): Frame {
  const columns = [...rows.columns].map(([name, column]) => [name, selectRows(column, chosen)] as const);
  return { n: chosen.length, columns: new Map(columns) };
}

/** The chosen rows of a matrix (width columns, row-major). */
export function gather(values: Float64Array, width: number, chosen: Int32Array): Float64Array {
  const out = new Float64Array(chosen.length * width);
  for (let c = 0, at = 0; c < chosen.length; c++) {
    const start = chosen[c]! * width;
    for (let k = 0; k < width; k++, at++) out[at] = values[start + k]!;
  }
  return out;
}
