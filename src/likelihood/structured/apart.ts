import type { Design, StructuredGroups } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';

/** Throws a ModelError `not-identified` with what `notApart` says. */
export function checkApart(design: Design): void {
  const found = notApart(design);
  if (found === null) return;
  throw new ModelError('not-identified', found.factor, `${found.sentence}; leave one of the two out`);
}

/**
 * Whether the residual structure and a varying coefficient of the same groups give the rows one and the same
 * covariance, so that no likelihood tells them apart: a varying intercept beside `cs`, `toeplitz` and `unstructured`,
 * and beside `ar1` and `car1` where no group has more than two rows, all one gap apart; a coefficient of a column that
 * is one number at each occasion beside `unstructured`; where rows have one residual sd, or beside `unstructured` one
 * an occasion. Null where they do not.
 */
export function notApart(design: Design): { readonly factor: string; readonly sentence: string } | null {
  const { residual, groupTerms, response } = design;
  const groups = residual?.groups;
  // Groups with sds of their own have covariances of their own.
  if (!groups || residual.sigmaGroups) return null;
  const term = groupTerms.find(({ J, index }) => samePartition(groups, J, index));
  if (term === undefined) return null;
  const constant = term.labels.indexOf('Intercept');
  const free = groups.structure === 'unstructured';
  const k = free ? oneAnOccasion(groups, term.Z, term.q).indexOf(true) : constant;
  if (k < 0) return null;
  // Rows of unlike sds have another covariance each, which takes up what groups have in common in one way alone.
  const { sigma } = residual;
  const { weights } = response;
  const alike = (columns: ArrayLike<number>, q: number) => oneAnOccasion(groups, columns, q).every(Boolean);
  const same = free
    ? (sigma === null || alike(sigma.W, sigma.m)) && (weights === null || alike(weights, 1))
    : sigma === null && weights === null;
  if (!same) return null;
  const reason = sameCovariance(groups);
  if (reason === null) return null;
  return {
    factor: groups.factor,
    sentence: `${groups.structure} within ${quote(groups.factor)} beside a coefficient ${quote(term.labels[k]!)} that varies by ${quote(term.factor)}: ${reason}`,
  };
}

function sameCovariance(groups: StructuredGroups): string | null {
  switch (groups.structure) {
    case 'cs':
      return 'both make all rows of a group equally correlated, so that they cannot be told apart';
    case 'toeplitz':
      return 'a correlation for each number of steps takes up what the rows of a group have in common, so that they cannot be told apart';
    case 'unstructured':
      return 'a covariance for each pair of occasions takes up whatever varies among groups, so that they cannot be told apart';
    case 'ar1':
    case 'car1':
      return onePair(groups)
        ? 'no group has more than two rows, all one gap apart, so that the one correlation of its rows cannot be told apart into two'
        : null;
  }
}

/** Whether two factors have the same groups. */
function samePartition(groups: StructuredGroups, J: number, index: Int32Array): boolean {
  const there = new Int32Array(groups.J).fill(-1);
  const back = new Int32Array(J).fill(-1);
  return index.every((j, i) => {
    const g = groups.index[i]!;
    if (there[g] === -1) there[g] = j;
    if (back[j] === -1) back[j] = g;
    return there[g] === j && back[j] === g;
  });
}

/** Whether groups have at most two rows, and pairs one gap. */
function onePair({ J, index, occasion, positions }: StructuredGroups): boolean {
  const first = new Float64Array(J).fill(Number.NaN);
  const counts = new Int32Array(J);
  let gap = Number.NaN;
  for (let i = 0; i < index.length; i++) {
    const j = index[i]!;
    const at = positions[occasion[i]!]!;
    counts[j]! += 1;
    if (counts[j]! > 2) return false;
    if (counts[j] === 1) {
      first[j] = at;
      continue;
    }
    const own = Math.abs(at - first[j]!);
    if (Number.isNaN(gap)) gap = own;
    if (own !== gap) return false;
  }
  return true;
}

/** Whether each of q columns (n x q, row-major) is one number at each occasion. */
function oneAnOccasion({ occasion, occasions }: StructuredGroups, columns: ArrayLike<number>, q: number): boolean[] {
  return Array.from({ length: q }, (_, k) => {
    const values = new Float64Array(occasions.length).fill(Number.NaN);
    return occasion.every((t, i) => {
      const value = columns[i * q + k]!;
      if (Number.isNaN(values[t]!)) values[t] = value;
      return values[t] === value;
    });
  });
}
