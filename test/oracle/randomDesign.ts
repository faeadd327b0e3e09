import type { CovarianceBlock, Design, GroupTerm } from '../../src/design/design.ts';

/**
 * A grouping factor of a made-up design: J levels; `columns` of X that vary (0 is the constant); sizes of the
 * covariance blocks.
 */
export interface FactorShape {
  readonly J: number;
  readonly columns: readonly number[];
  readonly blocks?: readonly number[];
}

export interface DesignShape {
  readonly n: number;
  /** Columns of X: the constant and p - 1 numbers. */
  readonly p: number;
  readonly factors: readonly FactorShape[];
  readonly weights?: boolean;
  readonly standardErrors?: boolean;
  readonly offset?: boolean;
  /** Centre and spread of the columns of X after the constant. */
  readonly centre?: number;
  readonly spread?: number;
}

/** Uniform numbers on (0, 1) from a linear congruential generator: enough to make designs that differ. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
}

/** A design with random columns, groups, response, weights: no formula, no graph. For oracles that need many shapes. */
export function randomDesign(shape: DesignShape, seed: number): Design {
  const { n, p } = shape;
  const uniform = uniforms(seed);
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const centre = shape.centre ?? 0;
  const spread = shape.spread ?? 1;
  const X = new Float64Array(n * p);
  for (let i = 0; i < n; i++) for (let k = 0; k < p; k++) X[i * p + k] = k === 0 ? 1 : centre + spread * normal();
  const y = Float64Array.from({ length: n }, () => normal());
  const groupTerms = shape.factors.map(({ J, columns, blocks }, f): GroupTerm => {
    const q = columns.length;
    const index = Int32Array.from({ length: n }, (_, i) => (i < J ? i : Math.floor(uniform() * J)));
    const counts = new Int32Array(J);
    for (const j of index) counts[j]! += 1;
    const Z = new Float64Array(n * q);
    for (let i = 0; i < n; i++) for (let a = 0; a < q; a++) Z[i * q + a] = X[i * p + columns[a]!]!;
    for (let j = 0; j < J; j++) {
      const effect = columns.map(() => normal());
      for (let i = 0; i < n; i++) {
        if (index[i] !== j) continue;
        for (let a = 0; a < q; a++) y[i]! += effect[a]! * (columns[a] === 0 ? 1 : (Z[i * q + a]! - centre) / spread);
      }
    }
    let start = 0;
    const made: CovarianceBlock[] = (blocks ?? [q]).map((size, b) => {
      const block = { start, size, cov: `Sigma_f${f}_${b}` };
      start += size;
      return block;
    });
    const gammaColumns = Int32Array.from(columns);
    return {
      factor: `f${f}`,
      levels: Array.from({ length: J }, (_, j) => `level${j}`),
      J,
      index,
      counts,
      q,
      labels: columns.map((k) => (k === 0 ? 'Intercept' : `x${k}`)),
      Z,
      parts: columns.map((k) => (k === 0 ? [] : [{ atom: `x${k}`, label: `x${k}` }])),
      blocks: made,
      level2: { m: 1, labels: ['Intercept'], W: new Float64Array(J).fill(1), columns: gammaColumns },
    };
  });
  return {
    graph: { nodes: {} },
    n,
    p,
    columns: Array.from({ length: p }, (_, k) => ({
      label: k === 0 ? 'Intercept' : `x${k}`,
      term: k === 0 ? '1' : `x${k}`,
      parts: k === 0 ? [] : [{ atom: `x${k}`, label: `x${k}` }],
    })),
    X,
    response: {
      label: 'y',
      family: 'gaussian',
      y,
      trials: null,
      exposure: null,
      levels: null,
      successLevel: null,
      failureLevel: null,
      offset: shape.offset ? Float64Array.from({ length: n }, () => normal()) : null,
      weights: shape.weights ? Float64Array.from({ length: n }, () => 0.5 + 2 * uniform()) : null,
      standardErrors: shape.standardErrors ? Float64Array.from({ length: n }, () => 0.5 + uniform()) : null,
    },
    groupTerms,
    rows: { n, columns: new Map() },
    tables: new Map(),
    dropped: 0,
    encoding: {},
  };
}
