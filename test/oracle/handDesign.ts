import type { Design, GroupTerm } from '../../src/design/design.ts';
import type { FamilyName } from '../../src/families/family.ts';

/** What a hand-built group term needs: rows of Z as arrays, and the level of each row. */
export interface HandGroup {
  readonly factor: string;
  readonly J: number;
  readonly index: readonly number[];
  /** n rows of q entries. */
  readonly Z: readonly (readonly number[])[];
}

/** A design from plain arrays, without graph, formula or data frame: for tests of what works on designs. */
export function handDesign(given: {
  readonly y: ArrayLike<number>;
  /** n rows of p entries. */
  readonly X: readonly (readonly number[])[];
  readonly groups?: readonly HandGroup[];
  readonly offset?: ArrayLike<number>;
  readonly weights?: ArrayLike<number>;
  readonly standardErrors?: ArrayLike<number>;
  /** 'gaussian' unless given. */
  readonly family?: FamilyName;
  readonly trials?: ArrayLike<number>;
}): Design {
  const n = given.y.length;
  const p = given.X[0]?.length ?? 0;
  const optional = (values: ArrayLike<number> | undefined) => (values ? Float64Array.from(values) : null);
  return {
    graph: { nodes: {} },
    n,
    p,
    // A column of ones is the constant.
    columns: Array.from({ length: p }, (_, k) => ({
      label: `x${k}`,
      term: `x${k}`,
      parts: given.X.every((row) => row[k] === 1) ? [] : [{ atom: `x${k}`, label: `x${k}` }],
    })),
    X: Float64Array.from(given.X.flat()),
    response: {
      label: 'y',
      family: given.family ?? 'gaussian',
      y: Float64Array.from(given.y),
      trials: optional(given.trials),
      exposure: null,
      levels: null,
      successLevel: null,
      failureLevel: null,
      offset: optional(given.offset),
      weights: optional(given.weights),
      standardErrors: optional(given.standardErrors),
    },
    groupTerms: (given.groups ?? []).map(groupTerm),
    rows: { n, columns: new Map() },
    tables: new Map(),
    dropped: 0,
    encoding: {},
  };
}

function groupTerm({ factor, J, index, Z }: HandGroup): GroupTerm {
  const q = Z[0]!.length;
  const counts = new Int32Array(J);
  for (const j of index) counts[j]! += 1;
  return {
    factor,
    levels: Array.from({ length: J }, (_, j) => `${factor}${j}`),
    J,
    index: Int32Array.from(index),
    counts,
    q,
    labels: Array.from({ length: q }, (_, a) => `z${a}`),
    Z: Float64Array.from(Z.flat()),
    // A column of ones is the constant.
    parts: Array.from({ length: q }, (_, a) =>
      Z.every((row) => row[a] === 1) ? [] : [{ atom: `z${a}`, label: `z${a}` }],
    ),
    blocks: [{ start: 0, size: q, cov: `Sigma_${factor}` }],
    level2: { m: 0, labels: [], W: new Float64Array(0), columns: new Int32Array(0) },
  };
}
