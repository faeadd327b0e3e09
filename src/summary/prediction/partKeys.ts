import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';

/** The names under which a part's columns stand in the answer, beside what is estimated of it. */
export interface PartKeys {
  /** One for each column of `by`. */
  readonly by: readonly string[];
  readonly weights: string;
  /** A sentence for each column that stands under another name than its own. */
  readonly notes: readonly string[];
}

/**
 * Columns of the cells that are called like an estimate (`mean`) stand as `cells[mean]`, and so do columns of `by` that
 * name the sizes too (`N`, which is then a sum): neither is lost. In the rare table that has that name as well the
 * brackets are doubled. Throws ModelError `by` for a column that names the parts twice.
 */
export function partKeys(by: readonly string[], weights: string, estimates: readonly string[]): PartKeys {
  const twice = by.find((name, k) => by.indexOf(name) !== k);
  if (twice !== undefined) {
    throw new ModelError('by', twice, `poststratify: by names the column ${quote(twice)} twice; once is enough`);
  }
  const notes: string[] = [];
  const taken = new Set([...by, weights, ...estimates]);
  const key = (name: string, others: readonly string[]): string => {
    if (!others.includes(name)) return name;
    let other = `cells[${name}]`;
    while (taken.has(other)) other = `cells[${other}]`;
    taken.add(other);
    notes.push(
      `${quote(name)} of the cells is called like a column of the answer, and stands there as ${quote(other)}`,
    );
    return other;
  };
  const size = key(weights, estimates);
  return { by: by.map((name) => key(name, [...estimates, weights])), weights: size, notes };
}
