import type { Design } from '../design/design.ts';
import { estimatedParameter } from '../families/ownParameter.ts';
import type { Variable } from '../mcmc/draws.ts';
import type { Priors } from '../priors/priors.ts';

/** Number of the fit file's layout. */
export const FIT_FILE_SCHEMA = 2;

/** Of files that do not hold all draws: thinned, or with summaries in place of some. */
export const FIT_FILE_SCHEMA_KEPT = 3;

/** The layouts that are read: 1 had no checksum. */
export const FIT_FILE_SCHEMAS: readonly number[] = [1, FIT_FILE_SCHEMA, FIT_FILE_SCHEMA_KEPT];

/** The package that writes a fit file, and its version. */
export const FIT_FILE_WRITER = { name: 'partial-pooling', version: '0.1.0' } as const;

/** Names of the axes of every array in a fit file. */
export interface FitFileAxes {
  /** The names of each variable's dimensions after chain and draw. */
  readonly dims: ReadonlyMap<string, readonly string[]>;
  /** The labels of each dimension. */
  readonly coords: ReadonlyMap<string, readonly string[]>;
  /** The dimension of the rows of the data. */
  readonly row: string;
}

/**
 * The axes of the variables of a design and of its data. ArviZ keeps one set of dimensions for a whole file and cannot
 * hold a variable and a dimension of one name, nor one dimension of two sizes: a name already taken gets an underscore.
 * `variables` may hold the group coefficients.
 */
export function fitFileAxes(design: Design, variables: readonly Variable[]): FitFileAxes {
  const taken = new Set(['chain', 'draw', ...variables.map(({ name }) => name)]);
  for (const { factor } of design.groupTerms) taken.add(`b_${factor}`);
  const coords = new Map<string, readonly string[]>();
  const dims = new Map<string, readonly string[]>();
  for (const { name, dims: names, coords: labels } of variables) {
    dims.set(
      name,
      names.map((dim, d) => {
        let unique = dim;
        while (taken.has(unique) || (coords.has(unique) && !sameLabels(coords.get(unique)!, labels[d]!))) unique += '_';
        coords.set(unique, labels[d]!);
        return unique;
      }),
    );
  }
  let row = 'row';
  const columns = [design.rows, ...design.tables.values()].flatMap((frame) => [...frame.columns.keys()]);
  const avoid = new Set([...taken, ...coords.keys(), ...columns, ...design.tables.keys(), design.response.label]);
  while (avoid.has(row)) row += '_';
  return { dims, coords, row };
}

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((label, i) => label === b[i]);
}

/**
 * The priors in force as plain JSON data: one entry per coefficient (a flat prior has no sd), the p x p matrix of the
 * combinations that they are of (absent where each is of the coefficient itself), sigma, the family's own parameter
 * where it is estimated, and the blocks of each grouping factor (`about`: the size x size matrix of `BlockPrior`).
 */
export function priorsJson(design: Design, priors: Priors): unknown {
  const beta = design.columns.map(({ label }, column) => ({
    term: label,
    ...(priors.beta.sd[column] === Number.POSITIVE_INFINITY
      ? { distribution: 'flat' }
      : (priors.beta.mixtures?.[column] ?? {
          distribution: 'normal',
          mean: priors.beta.mean[column],
          sd: priors.beta.sd[column],
        })),
    source: priors.beta.source[column],
  }));
  const groups = design.groupTerms.map((term, f) => [
    term.factor,
    term.blocks.map(({ cov, start, size }, b) => {
      const prior = priors.groups[f]![b]!;
      const columns = term.labels.slice(start, start + size);
      return prior.kind === 'separation'
        ? {
            cov,
            columns,
            kind: prior.kind,
            tau: prior.tau,
            eta: prior.eta,
            ...(prior.about ? { about: Array.from(prior.about) } : {}),
          }
        : { cov, columns, kind: prior.kind, df: prior.df, scale: Array.from(prior.scale) };
    }),
  ]);
  const { combinations } = priors.beta;
  const parameter = estimatedParameter(design);
  return {
    beta,
    ...(combinations ? { combinations: Array.from(combinations) } : {}),
    sigma: priors.sigma,
    ...(parameter ? { [parameter]: priors[parameter] } : {}),
    ...(priors.threshold
      ? { threshold: { ...priors.threshold, about: priors.threshold.about && Array.from(priors.threshold.about) } }
      : {}),
    ...(priors.residual ? { residual: priors.residual } : {}),
    groups: Object.fromEntries(groups),
  };
}
