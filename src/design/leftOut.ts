import type { Design } from './design.ts';

/** A column that is not in X. */
export interface LeftOutColumn {
  /** Its position among the full columns. */
  readonly column: number;
  readonly label: string;
  /** Why it has no coefficient: `left out: v depends on Intercept, w`. */
  readonly reason: string;
}

/** The columns that were left out of X because they depend on others, in the order of the full columns. */
export function leftOut({ deficiency }: Pick<Design, 'deficiency'>): LeftOutColumn[] {
  if (!deficiency?.leftOut) return [];
  const { columns, dependent } = deficiency;
  return dependent.map(({ column, sentence }) => ({
    column,
    label: columns[column]!.label,
    reason: `left out: ${sentence}`,
  }));
}
