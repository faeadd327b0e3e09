import type { Frame } from '../../data/frame.ts';
import { newRowSource } from '../../design/build/newRows.ts';
import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { modelTerms } from '../../design/columns/modelTerms.ts';
import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { type Expression, expressionParts } from '../../formula/expression.ts';
import { expressionColumns } from '../../formula/terms.ts';
import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';

/** A column that the linear predictor is computed from. */
export type Predictor =
  /** `bounded`: whether a term that reads it has a domain, as log(x) and 1 / x have. */
  | { readonly kind: 'number'; readonly name: string; readonly bounded: boolean }
  /** `values` are what stands in the column for each level, the reference level first. */
  | { readonly kind: 'factor'; readonly name: string; readonly values: readonly (string | number)[] };

/** The predictors of a model, in the order of its terms. */
export interface Predictors {
  readonly all: readonly Predictor[];
  /** The columns of the fit's rows and group tables. */
  readonly source: ColumnSource;
  /** The grouping factors, and the columns that make them up. */
  readonly grouping: ReadonlySet<string>;
  /** The predictor of that name. Throws `unknown-predictor`; `place` is the option or argument. */
  named(name: string, place: string): Predictor;
}

/** What the terms and offsets of a design read; grouping columns that only name groups are not among them. */
export function predictors(design: Design): Predictors {
  const frame: Frame = { n: design.n, columns: design.rows.columns };
  const source = newRowSource(design, frame, {}, 'the rows of the fit');
  const terms = modelTerms(design.graph, [...design.rows.columns.keys()]);
  const atoms = [...terms.population, ...terms.bars.flatMap((bar) => bar.terms)].flatMap((term) => term.atoms);
  const grouping = new Set(design.groupTerms.flatMap(({ factor }) => [factor, ...factor.split(':')]));
  const read = [...atoms.map(({ expression }) => expression), ...terms.offsets];
  // The second argument of between(x, g) names groups, and is none that anybody would change.
  const own = new Set(read.flatMap((tree) => expressionColumns(tree)));
  const alone = new Set(atoms.filter(({ expression }) => expression.type === 'name').map(({ text }) => text));
  const all = [...own]
    .filter((name) => !grouping.has(name) || alone.has(name))
    .map((name): Predictor => {
      const column = source.column(name);
      const coded = atoms.flatMap(({ text, expression }) => {
        const found = design.encoding[text];
        return found?.kind === 'factor' && expressionColumns(expression).includes(name) ? [found] : [];
      });
      if (column.kind === 'number' && coded.length === 0) {
        const reading = read.filter((tree) => expressionColumns(tree).includes(name));
        return { kind: 'number', name, bounded: reading.some(hasDomain) };
      }
      const { levels, index } = source.factor(name);
      const reference = coded.find(({ parts }) => parts === undefined)?.reference ?? levels[0]!;
      const order = [reference, ...levels.filter((level) => level !== reference)].filter((level) =>
        levels.includes(level),
      );
      return {
        kind: 'factor',
        name,
        values: order.map((level) => column.values[index.indexOf(levels.indexOf(level))]!),
      };
    });
  const named = (name: string, place: string): Predictor => {
    const found = all.find((predictor) => predictor.name === name);
    if (found) return found;
    const names = all.map((predictor) => predictor.name);
    const there = names.length === 0 ? 'it has none' : `it has ${nearestNames(String(name), names, 8).join(', ')}`;
    const why = grouping.has(name)
      ? `${quote(name)} only names groups, which coef, groupRanks and compareGroups are about`
      : `the model has no predictor ${quote(name)}`;
    throw new ModelError('unknown-predictor', place, `${place}: ${why}; of predictors ${there}`);
  };
  return { all, source, grouping, named };
}

/** Functions that are no number, or have no derivative, somewhere. */
const BOUNDED = ['log', 'log2', 'log10', 'log1p', 'sqrt', 'abs'];

/** Whether an expression is no number, or has no derivative, for some values of its columns. */
function hasDomain(tree: Expression): boolean {
  const own =
    tree.type === 'comparison' ||
    (tree.type === 'call' && BOUNDED.includes(tree.name)) ||
    (tree.type === 'binary' && (tree.operator === '/' || tree.operator === '^'));
  return own || expressionParts(tree).some(hasDomain);
}
