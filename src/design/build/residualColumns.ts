import { ModelError } from '../../errors.ts';
import type { Atom } from '../../formula/expression.ts';
import { makeTerm } from '../../formula/terms.ts';
import { quote } from '../../input/quote.ts';
import type { AtomValue } from '../columns/atomValue.ts';
import { checkSize } from '../columns/checkSize.ts';
import type { ColumnSource } from '../columns/columnSource.ts';
import { dependentColumns } from '../columns/dependentColumns.ts';
import type { ModelTerms } from '../columns/modelTerms.ts';
import { rowMajor, type TermColumn, termColumns } from '../columns/termColumns.ts';
import type { ResidualColumns, SigmaColumns, SigmaGroups, StructuredGroups } from '../design.ts';
import { checkAlone } from './residualLeverage.ts';
import { structuredGroups } from './structuredGroups.ts';

/**
 * What the data say of residuals that are not independent with one sigma; null where they are. Throws a ModelError
 * where times do not fit the structure (`residual-time`), where columns of sigma cannot be told apart (`residual-sd`),
 * where groups tell nothing of a correlation (`not-identified`), and for reduced rows.
 */
export function residualColumns(
  terms: Pick<ModelTerms, 'residual' | 'sigma' | 'sigmaBy'>,
  source: ColumnSource,
  evaluate: (atom: Atom) => AtomValue,
): ResidualColumns | null {
  if (terms.residual === null && terms.sigma.length === 0 && terms.sigmaBy === null) return null;
  if (source.reduced) {
    const message = `residuals of ${terms.residual ? 'one group that depend on each other' : 'more than one sd'} need the rows, which are reduced to cells; give the rows themselves`;
    throw new ModelError('not-supported', 'rows', message);
  }
  const groups = terms.residual && structuredGroups(terms.residual, source);
  const sigmaGroups = terms.sigmaBy === null ? null : groupsOfSds(terms.sigmaBy, groups, source);
  return { groups, sigma: sigmaColumns(terms, groups, source, evaluate), sigmaGroups };
}

/** Throws where residuals that depend on each other would have the sds of two groups. */
function groupsOfSds(factor: string, groups: StructuredGroups | null, source: ColumnSource): SigmaGroups {
  const { levels, index } = source.factor(factor);
  const J = levels.length;
  if (J < 2) {
    throw new ModelError(
      'residual-sd',
      factor,
      `sigma: ${quote(factor)} has one level, and an sd for each of its levels needs two or more; leave (1 | ${factor}) out`,
    );
  }
  const own = new Int32Array(groups?.J ?? 0).fill(-1);
  for (let i = 0; groups && i < source.n; i++) {
    const group = groups.index[i]!;
    if (own[group] === -1) own[group] = index[i]!;
    if (own[group] === index[i]) continue;
    throw new ModelError(
      'residual-sd',
      factor,
      `sigma: ${groups.structure} joins rows of ${groups.factor} ${quote(groups.levels[group]!)} that are of two levels of ${quote(factor)}; accepted is a factor of which every ${groups.factor} has one level`,
    );
  }
  return { factor, levels, J, index };
}

function sigmaColumns(
  { sigma }: Pick<ModelTerms, 'sigma'>,
  groups: StructuredGroups | null,
  source: ColumnSource,
  evaluate: (atom: Atom) => AtomValue,
): SigmaColumns | null {
  const { n } = source;
  const all = termColumns([makeTerm([]), ...sigma], evaluate, n);
  const columns = all.filter(({ parts }) => parts.length > 0);
  for (const { label, values } of columns) checkSize(values, 'column', label);
  const occasions = groups?.structure === 'unstructured' ? occasionColumns(groups) : [];
  const known = [all.find(({ parts }) => parts.length === 0)!, ...occasions, ...columns];
  const [dependent] = dependentColumns(known, n);
  if (dependent !== undefined) {
    const own = occasions.length > 0 ? `; unstructured has an sd for each occasion already` : '';
    throw new ModelError(
      'residual-sd',
      'sigma',
      `sigma: the columns of its terms are linearly dependent: ${dependent.sentence}${own}; leave out a term`,
    );
  }
  checkAlone(known, source);
  if (columns.length === 0) return null;
  return { labels: columns.map(({ label }) => label), m: columns.length, W: rowMajor(columns, n) };
}

/** An indicator of each occasion but the first. */
function occasionColumns({ occasions, occasion }: StructuredGroups): TermColumn[] {
  return occasions.slice(1).map((label, t) => ({
    label,
    term: label,
    parts: [],
    values: Float64Array.from(occasion, (own) => (own === t + 1 ? 1 : 0)),
  }));
}
