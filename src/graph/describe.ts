import { familyNamed } from '../families/familyOf.ts';
import { graphParts, level2Terms } from './formulaText.ts';
import type { GroupNode, ModelGraph, ResponseNode } from './node.ts';
import { residualLines } from './residualLines.ts';
import { termParts } from './termParts.ts';

/** A column of X or Z: its label as printed, and the variables whose product it is (none for the constant). */
export interface EquationColumn {
  readonly label: string;
  readonly parts: readonly string[];
}

/** The varying columns of one grouping factor. */
export interface VaryingColumns {
  readonly factor: string;
  readonly columns: readonly EquationColumn[];
  /** Runs of columns with one covariance matrix each; `cov` names it. */
  readonly blocks: readonly { readonly cov: string; readonly start: number; readonly size: number }[];
  /** For each varying column z, the population columns z:w by position, with the variables whose product is w. */
  readonly means: readonly (readonly { readonly column: number; readonly parts: readonly string[] }[])[];
}

/** The columns that the equations of a model speak of. */
export interface EquationColumns {
  readonly population: readonly EquationColumn[];
  readonly varying: readonly VaryingColumns[];
}

/** A model in plain text, as textbooks write it. */
export interface Equations {
  /** One regression per level, then the distributions of the deviations, then what the index letters mean. */
  readonly multilevel: readonly string[];
  /** Everything in one line. */
  readonly composite: string;
}

const LETTERS = ['j', 'k', 'l', 'g', 'h'];

/**
 * The multilevel and the composite form of a model.
 *
 * Multilevel: y_i ~ normal(b_j z_i + ..., sigma), or student_t(nu, ..., sigma), binomial(n_i, inverse_logit(...)),
 * bernoulli(Phi(...)), poisson(t_i exp(...)); b_j = gamma w_j + u_j, u_j ~ normal(0, Sigma), second arguments standard
 * deviations (or, for a vector, the covariance matrix). A population column that belongs to the lines of several
 * factors (the intercept of crossed factors) stays in the regression of the rows, and so do the deviations of the lines
 * it would have stood in. `columns` says which columns there are and which are products with a level-2 predictor;
 * without data these are the terms of the graph, and only declared level-2 terms are known.
 */
export function equations(graph: ModelGraph, columns: EquationColumns = graphColumns(graph)): Equations {
  const { response, offsets } = graphParts(graph);
  const { words } = familyNamed(response.family);
  const { population, varying } = columns;
  const letters = varying.map((_, f) => LETTERS[f] ?? `j${f + 1}`);

  const claims = population.map(() => 0);
  for (const { means } of varying) for (const { column } of means.flat()) claims[column]! += 1;
  const hasLine = varying.map(({ means }) =>
    means.map((mean) => mean.length > 0 && mean.every(({ column }) => claims[column] === 1)),
  );
  const inLine = new Set(
    varying.flatMap(({ means }, f) => means.filter((_, k) => hasLine[f]![k]).flat()).map(({ column }) => column),
  );

  /** beta and its variables, those of w with the letter of their group. */
  const populationTerm = (column: number): string => {
    const { label, parts } = population[column]!;
    if (label === '.') return '...';
    const of = varying.findIndex(({ means }) =>
      means.flat().some((mean) => mean.column === column && mean.parts.length > 0),
    );
    const w = of < 0 ? [] : varying[of]!.means.flat().find((mean) => mean.column === column)!.parts;
    return [`beta[${label}]`, ...parts.map((part) => `${part}_${w.includes(part) ? letters[of] : 'i'}`)].join(' ');
  };
  const deviation = (name: 'b' | 'u', f: number, k: number): string => {
    const { label, parts } = varying[f]!.columns[k]!;
    return [`${name}_${varying[f]!.factor}[${letters[f]},${label}]`, ...parts.map((part) => `${part}_i`)].join(' ');
  };
  const known = offsets.map((offset) => `offset(${offset})_i`);
  const everyDeviation = varying.flatMap(({ columns: own }, f) => own.map((_, k) => deviation('u', f, k)));
  const left = (mean: readonly string[]): string =>
    `${response.column}_i ~ ${words.distribution(response, mean.join(' + ') || '0', residual(response))}`;

  const rows = [
    ...population.flatMap((_, column) => (inLine.has(column) ? [] : [populationTerm(column)])),
    ...varying.flatMap(({ columns: own }, f) => own.map((_, k) => deviation(hasLine[f]![k] ? 'b' : 'u', f, k))),
    ...known,
  ];
  const lines = varying.flatMap(({ factor, columns: own, means }, f) =>
    own.flatMap(({ label }, k) => {
      if (!hasLine[f]![k]) return [];
      const index = `[${letters[f]},${label}]`;
      const mean = means[k]!.map(({ column, parts }) =>
        [`beta[${population[column]!.label}]`, ...parts.map((part) => `${part}_${letters[f]}`)].join(' '),
      );
      return [`b_${factor}${index} = ${[...mean, `u_${factor}${index}`].join(' + ')}`];
    }),
  );
  const distributions = varying.flatMap((part, f) => deviationLines(part, letters[f]!));
  const notes = varying.map(({ factor }, f) => `${letters[f]}: the ${factor} of row i`);
  varying.forEach(({ factor, means }, f) => {
    const predicted = means.some((mean, k) => hasLine[f]![k] && mean.some(({ parts }) => parts.length > 0));
    if (predicted) notes.push(`gamma_${factor}: the beta in the lines of b_${factor}`);
  });
  if (population.some(({ label }) => label === '.')) notes.push('...: every other column of the rows');
  const se = response.se === undefined ? [] : [`se_i = ${response.se} of row i, known`];
  return {
    multilevel: [
      left(rows),
      ...se,
      ...residualLines(response),
      ...lines,
      ...distributions,
      ...(notes.length > 0 ? [`(${notes.join('; ')})`] : []),
    ],
    composite: left([...population.map((_, column) => populationTerm(column)), ...everyDeviation, ...known]),
  };
}

function residual({ se, weights, sigmaTerms, sigmaBy }: ResponseNode): string {
  if (se !== undefined) return 'se_i';
  const sigma = sigmaTerms === undefined && sigmaBy === undefined ? 'sigma' : 'sigma_i';
  return weights === undefined ? sigma : `${sigma} / sqrt(${weights}_i)`;
}

function deviationLines({ factor, columns, blocks }: VaryingColumns, letter: string): string[] {
  return blocks.map(({ cov, start, size }) => {
    const labels = columns.slice(start, start + size).map(({ label }) => label);
    if (size === 1) return `u_${factor}[${letter},${labels[0]}] ~ normal(0, tau_${factor}[${labels[0]}])`;
    const which = size === columns.length ? letter : `${letter},(${labels.join(', ')})`;
    return `u_${factor}[${which}] ~ normal(0, ${cov}), with sds tau_${factor} and correlations corr_${factor}`;
  });
}

/**
 * The columns as far as the graph alone tells: a term stands for one column, '.' for itself; declared level-2 terms
 * form the means.
 */
function graphColumns(graph: ModelGraph): EquationColumns {
  const { population: node, groups } = graphParts(graph);
  const population = populationColumns(node?.terms ?? [], groups);
  const place = (parts: readonly string[]): number => population.findIndex((column) => sameParts(column.parts, parts));
  const factors = [...new Set(groups.map(({ by }) => by))];
  const varying = factors.map((factor): VaryingColumns => {
    const columns: EquationColumn[] = [];
    const blocks: { cov: string; start: number; size: number }[] = [];
    const means: { column: number; parts: readonly string[] }[][] = [];
    for (const group of groups.filter(({ by }) => by === factor)) {
      const size = group.structure === 'diagonal' ? 1 : group.terms.length;
      for (let k = 0; k < group.terms.length; k += size) {
        blocks.push({ cov: group.cov, start: columns.length + k, size });
      }
      const declared = level2Terms(group);
      group.terms.forEach((term, k) => {
        const z = termParts(term);
        columns.push({ label: z.join(':') || 'Intercept', parts: z });
        const products = (declared?.[k] ?? []).map((w) => termParts(w));
        const own = place(z);
        const bare = own >= 0 && !products.some((w) => w.length === 0) ? [{ column: own, parts: [] }] : [];
        means.push([...bare, ...products.map((w) => ({ column: place([...new Set([...z, ...w])]), parts: w }))]);
      });
    }
    return { factor, columns, blocks, means };
  });
  return { population, varying };
}

/**
 * The population terms and the products z:w, each once, in R's order: by degree, then as they appear (terms, then z,
 * then w, then products).
 */
function populationColumns(terms: readonly string[], groups: readonly GroupNode[]): EquationColumn[] {
  const wanted = terms.map(termParts);
  const appearance = [...wanted];
  for (const group of groups) {
    const declared = level2Terms(group);
    if (declared === undefined) continue;
    const z = group.terms.map(termParts);
    const w = declared.map((list) => list.map(termParts));
    const products = z.flatMap((parts, k) => w[k]!.map((more) => [...new Set([...parts, ...more])]));
    wanted.push(...products);
    appearance.push(...z, ...w.flat(), ...products);
  }
  const distinct = appearance.filter(
    (parts, i) =>
      wanted.some((other) => sameParts(other, parts)) && appearance.findIndex((other) => sameParts(other, parts)) === i,
  );
  return distinct
    .sort((a, b) => a.length - b.length)
    .map((parts) => ({ label: parts.join(':') || 'Intercept', parts }));
}

function sameParts(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
