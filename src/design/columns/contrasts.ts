import type { Term } from '../../formula/expression.ts';

/** How a factor enters a term: without its reference level, or with a column for every level. */
export type Coding = 'treatment' | 'full';

/**
 * R's rule for the coding of factors in the terms of one design matrix (Chambers & Hastie, Statistical Models in S,
 * page 38; `TermCode` and `modelmatrix` of R): a factor is coded by contrasts in a term when the term without it is
 * contained in an earlier term, or is empty; otherwise by a column per level. Without an intercept the first factor of
 * the first term that has one is coded in full.
 *
 * `terms` in R's order (by degree), the intercept having no atoms. Returns, per term and atom of it, the coding; for
 * atoms that are not factors it means nothing.
 */
export function contrasts(terms: readonly Term[], isFactor: (atom: string) => boolean): Coding[][] {
  const earlier: Set<string>[] = [];
  const codings = terms.map((term) => {
    const names = term.atoms.map((atom) => atom.text);
    const coding = names.map((name): Coding => {
      const rest = names.filter((other) => other !== name);
      const covered = rest.length === 0 || earlier.some((set) => rest.every((other) => set.has(other)));
      return covered ? 'treatment' : 'full';
    });
    if (names.length > 0) earlier.push(new Set(names));
    return coding;
  });
  if (terms.some((term) => term.atoms.length === 0)) return codings;
  for (let t = 0; t < terms.length; t++) {
    const k = terms[t]!.atoms.findIndex((atom) => isFactor(atom.text));
    if (k >= 0) {
      codings[t]![k] = 'full';
      break;
    }
  }
  return codings;
}
