import type { Design } from '../design/design.ts';
import { parseTerm } from '../formula/terms.ts';
import type { EquationColumn, EquationColumns } from '../graph/describe.ts';
import { termParts } from '../graph/termParts.ts';

/**
 * The columns of a design as the equations of its model name them: X, the varying columns of each factor, and which of
 * X are products z:w.
 */
export function designColumns(design: Design): EquationColumns {
  const population = design.columns.map(
    ({ label, term }): EquationColumn => ({ label, parts: columnParts(label, term) }),
  );
  const varying = design.groupTerms.map(({ factor, labels, blocks, level2 }) => {
    const columns = labels.map((label): EquationColumn => ({ label, parts: termParts(label) }));
    const means = columns.map((z, k) => {
      const mean: { column: number; parts: readonly string[] }[] = [];
      for (let l = 0; l < level2.m; l += 1) {
        const column = level2.columns[k * level2.m + l]!;
        if (column >= 0) mean.push({ column, parts: predictorParts(population[column]!, z, level2.labels[l]!) });
      }
      return mean;
    });
    return { factor, columns, blocks, means };
  });
  return { population, varying };
}

/** The label of a column of X divided as its term is; whole where a level holds a colon of its own. */
function columnParts(label: string, term: string): readonly string[] {
  const parts = termParts(label);
  return parts.length === parseTerm(term).atoms.length ? parts : [label];
}

/** The parts of w in the column z:w. */
function predictorParts(column: EquationColumn, z: EquationColumn, w: string): readonly string[] {
  if (w === 'Intercept') return [];
  const rest = column.parts.filter((part) => !z.parts.includes(part));
  return rest.length === column.parts.length - z.parts.length ? rest : [w];
}
