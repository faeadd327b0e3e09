import type { Design, GroupTerm } from '../design/design.ts';
import { type BlockStandardisation, blockStandardisation } from './blockStandardisation.ts';
import { rowCounts } from './rowCounts.ts';

/** A design whose varying columns are taken about their means and in units of twice their sd, and the way back. */
export interface StandardisedDesign {
  /**
   * As the given one, but Z_f T_f in place of Z_f: its deviations are u' with u = T u', its covariances Sigma' with
   * Sigma = T Sigma' T'.
   */
  readonly design: Design;
  /** Per group term, per covariance block. */
  readonly blocks: readonly (readonly BlockStandardisation[])[];
}

/**
 * Standardises the varying columns of every factor, block by block, as `blocks` says; a design of varying intercepts
 * alone stays the object that it is.
 */
export function standardisedDesign(
  design: Design,
  blocks: readonly (readonly BlockStandardisation[])[] = standardisation(design),
): StandardisedDesign {
  if (blocks.every((own) => own.every(({ plain }) => plain))) return { design, blocks };
  return {
    design: { ...design, groupTerms: design.groupTerms.map((term, f) => standardised(term, blocks[f]!)) },
    blocks,
  };
}

/** The standardisation of every block of a design. */
export function standardisation(design: Design): BlockStandardisation[][] {
  const counts = rowCounts(design);
  return design.groupTerms.map((term) => term.blocks.map((block) => blockStandardisation(term, block, counts)));
}

function standardised(term: GroupTerm, blocks: readonly BlockStandardisation[]): GroupTerm {
  if (blocks.every(({ plain }) => plain)) return term;
  const { q, Z } = term;
  const out = new Float64Array(Z.length);
  term.blocks.forEach(({ start, size }, b) => {
    const { C, unit } = blocks[b]!;
    for (let at = start; at < Z.length; at += q) {
      for (let k = 0; k < size; k++) {
        // What a far column and its mean have in common goes before anything is divided.
        let sum = Z[at + k]!;
        for (let a = 0; a < size; a++) if (a !== k) sum += Z[at + a]! * C[a * size + k]!;
        out[at + k] = sum / unit[k]!;
      }
    }
  });
  return { ...term, Z: out };
}
