import type { Design, GroupTerm } from '../../design/design.ts';
import { kindOf } from '../../families/familyOf.ts';
import { certainRows, unknownKind } from '../../families/responseKind.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { familyRows } from '../../products/familyRows.ts';
import { glm } from './glm.ts';

/** What one group's own rows say of one varying coefficient; null with a reason where they say nothing. */
export interface NoPoolingRow {
  readonly level: string;
  /** Label of the varying column. */
  readonly term: string;
  /** Rows of the group, those that weights stand for included. */
  readonly n: number;
  readonly estimate: number | null;
  readonly se: number | null;
  /** Null where there is an estimate; begins with `separated` where the likelihood rises for ever. */
  readonly reason: string | null;
}

/** A direction of Z_j whose columns, scaled to length 1, cancel to this (squared) is none. */
const SINGULAR = 1e-10;

/**
 * The glm of each group's own rows on its varying columns Z_j: the estimates without pooling, J x q rows. What does not
 * vary by this factor is taken as known: the offset, the family's own parameter (`own`), the columns of X that are not
 * products z:w of this factor (at `beta`, length p) and the deviations of the other factors (at `u`, J x q by factor).
 * Where columns separate successes from failures, what they move has no estimate (R's glm prints one of 25 with a
 * standard error of 70 000); the rest has those of the rows that are not separated (the limiting conditional model,
 * Geyer 2009).
 */
export function noPoolingGlm(
  design: Design,
  f: number,
  point: { readonly beta: ArrayLike<number>; readonly u: readonly ArrayLike<number>[]; readonly own?: number },
): NoPoolingRow[] {
  const term = design.groupTerms[f]!;
  const known = knownPart(design, f, point);
  const members: number[][] = term.levels.map(() => []);
  term.index.forEach((j, i) => {
    members[j]!.push(i);
  });
  return term.levels.flatMap((level, j) => levelRows(design, term, level, members[j]!, known, point.own));
}

function levelRows(
  design: Design,
  term: GroupTerm,
  level: string,
  members: readonly number[],
  known: Float64Array,
  parameter: number | undefined,
): NoPoolingRow[] {
  const { q, Z, labels } = term;
  const n = members.reduce((sum, i) => sum + (design.response.weights?.[i] ?? 1), 0);
  const none = (reason: (k: number) => string): NoPoolingRow[] =>
    labels.map((label, k) => ({ level, term: label, n, estimate: null, se: null, reason: reason(k) }));
  if (members.length === 0) return none(() => `${level} has no rows`);
  const whole = columnsOf(Z, q, members).estimable;
  let left = members;
  let separating: readonly string[] = [];
  // In the limit the separated rows are certain, and the estimates of what is left are those of the other rows.
  for (;;) {
    const { independent, estimable } = columnsOf(Z, q, left);
    const own = ownDesign(design, term, left, independent, known);
    const rows = familyRows(own);
    rows.own ??= parameter;
    const fit = glm(own, rows);
    if (fit.separated !== null) {
      separating = [...separating, ...fit.separated.columns.map((k) => labels[independent[k]!]!)];
      const gone = new Set(fit.separated.rows);
      left = left.filter((_, at) => !gone.has(at));
      continue;
    }
    if (!fit.converged) return none(() => `the search did not settle in ${level}`);
    const p = independent.length;
    return labels.map((label, k) => {
      const at = independent.indexOf(k);
      if (estimable[k] && at >= 0) {
        return { level, term: label, n, estimate: fit.beta[at]!, se: Math.sqrt(fit.vcov[at * p + at]!), reason: null };
      }
      const reason = whole[k]
        ? separationReason(design, members, left, separating)
        : members.every((i) => Z[i * q + k] === 0)
          ? `${label} is 0 in all rows of ${level}`
          : `the rows of ${level} cannot tell ${label} from ${labels.filter((_, l) => l !== k && !whole[l]).join(' and ')}`;
      return { level, term: label, n, estimate: null, se: null, reason };
    });
  }
}

function separationReason(
  design: Design,
  members: readonly number[],
  left: readonly number[],
  separating: readonly string[],
): string {
  const { y, size, copies } = familyRows(design);
  let sum = 0;
  let total = 0;
  for (const i of members) {
    sum += copies[i]! * y[i]!;
    total += copies[i]! * size[i]!;
  }
  const names = [...new Set(separating)];
  const which = left.length === 0 ? 'all' : `${members.length - left.length} of ${members.length}`;
  const tell = `${names.join(' and ')} ${names.length === 1 ? 'tells' : 'tell'}`;
  const kind = kindOf(design);
  switch (kind) {
    case 'successes':
      if (sum === 0) return `separated: none of its ${total} outcomes is a success`;
      if (sum === total) return `separated: all its ${total} outcomes are successes`;
      return `separated: ${tell} successes from failures in ${which} rows`;
    case 'counts':
      if (sum === 0) return `separated: all its counts are 0`;
      return `separated: ${tell} zeros from other counts in ${which} rows`;
    case 'numbers':
    case 'ordered':
      return `separated: ${tell} ${certainRows(kind)} from the others in ${which} rows`;
    default:
      return unknownKind(kind);
  }
}

/**
 * Columns of Z_j of full rank, the first ones that do, and which coefficients the rows determine: those no null
 * direction moves.
 */
function columnsOf(
  Z: Float64Array,
  q: number,
  members: readonly number[],
): { independent: number[]; estimable: boolean[] } {
  const G = gram(
    Array.from({ length: q }, (_, k) => k),
    Z,
    q,
    members,
  );
  const { values, vectors } = symmetricEigen(G, q);
  const estimable = Array.from({ length: q }, (_, k) => {
    if (G[k * q + k] === 0) return false;
    for (let v = 0; v < q; v++) if (values[v]! < SINGULAR && Math.abs(vectors[k * q + v]!) > 1e-6) return false;
    return true;
  });
  const independent: number[] = [];
  for (let k = 0; k < q; k++) {
    if (G[k * q + k] === 0) continue;
    const trial = [...independent, k];
    if (symmetricEigen(gram(trial, Z, q, members), trial.length).values[0]! >= SINGULAR) independent.push(k);
  }
  return { independent, estimable };
}

/** Cross-products of the chosen columns, each scaled to length 1 (a column of zeros stays 0). */
function gram(columns: readonly number[], Z: Float64Array, q: number, members: readonly number[]): Float64Array {
  const d = columns.length;
  const out = new Float64Array(d * d);
  for (const i of members) {
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) out[a * d + b]! += Z[i * q + columns[a]!]! * Z[i * q + columns[b]!]!;
    }
  }
  const length = columns.map((_, a) => Math.sqrt(out[a * d + a]!));
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) if (out[a * d + b] !== 0) out[a * d + b]! /= length[a]! * length[b]!;
  }
  return out;
}

/** A design of the rows of one group: X its independent varying columns, all else in the offset. */
function ownDesign(
  design: Design,
  term: GroupTerm,
  members: readonly number[],
  independent: readonly number[],
  known: Float64Array,
): Design {
  const { response } = design;
  const pick = (values: Float64Array): Float64Array => Float64Array.from(members, (i) => values[i]!);
  const p = independent.length;
  const X = Float64Array.from({ length: members.length * p }, (_, at) => {
    return term.Z[members[Math.floor(at / p)]! * term.q + independent[at % p]!]!;
  });
  return {
    ...design,
    n: members.length,
    p,
    X,
    columns: independent.map((k) => ({ label: term.labels[k]!, term: term.labels[k]!, parts: term.parts[k]! })),
    groupTerms: [],
    response: {
      ...response,
      y: pick(response.y),
      trials: response.trials && pick(response.trials),
      exposure: response.exposure && pick(response.exposure),
      weights: response.weights && pick(response.weights),
      offset: pick(known),
    },
  };
}

/** What of eta does not vary by factor f, length n. */
function knownPart(
  design: Design,
  f: number,
  { beta, u }: { readonly beta: ArrayLike<number>; readonly u: readonly ArrayLike<number>[] },
): Float64Array {
  const { n, p, X, response, groupTerms } = design;
  const own = new Set(groupTerms[f]!.level2.columns);
  const outside = Array.from({ length: p }, (_, c) => c).filter((c) => !own.has(c));
  const known = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = response.offset?.[i] ?? 0;
    for (const c of outside) sum += X[i * p + c]! * beta[c]!;
    groupTerms.forEach(({ index, q, Z }, g) => {
      if (g === f) return;
      for (let k = 0; k < q; k++) sum += Z[i * q + k]! * u[g]![index[i]! * q + k]!;
    });
    known[i] = sum;
  }
  return known;
}
