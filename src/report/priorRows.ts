import type { CovarianceBlock, Design, GroupTerm } from '../design/design.ts';
import { estimatedParameter } from '../families/ownParameter.ts';
import { distributions } from '../graph/distributions.ts';
import { graphParts } from '../graph/formulaText.ts';
import type { GraphNode, ModelGraph } from '../graph/node.ts';
import { isPrior, type Prior } from '../graph/priors.ts';
import { termParts } from '../graph/termParts.ts';
import { horseshoes } from '../priors/horseshoe.ts';
import type { MixturePrior } from '../priors/mixturePrior.ts';
import { LEAST, type ParameterPrior } from '../priors/parameterPrior.ts';
import type { BlockPrior, Priors, ScalePrior } from '../priors/priors.ts';

/**
 * One line of a table of priors: what it is of, the prior in the spelling of the command line, and where it comes from.
 */
export interface PriorRow {
  readonly quantity: string;
  readonly prior: string;
  /** `default`, or the name of the node that gives it. */
  readonly from: string;
}

/**
 * The priors in force in a plan or a fit: coefficients (one line where all are alike), sds and correlations of each
 * factor, sigma, the family's own parameter.
 */
export function priorRows(design: Design, priors: Priors): PriorRow[] {
  const nodes = new Map<string, GraphNode>(Object.entries(design.graph.nodes));
  const prior = (name: string): Prior | undefined => {
    const node = nodes.get(name);
    return node?.kind === 'prior' && node.distribution !== 'default' ? node : undefined;
  };
  const rows = coefficientRows(design, priors);
  design.groupTerms.forEach((term, f) => {
    term.blocks.forEach((block, b) => {
      rows.push(...blockRows(term, block, priors.groups[f]![b]!, prior));
    });
  });
  const { response } = graphParts(design.graph);
  const node = response.sigma ?? 'sigma';
  if (priors.sigma) rows.push({ quantity: 'sigma', prior: spell(priors.sigma), from: prior(node) ? node : 'default' });
  const { threshold } = priors;
  if (threshold) {
    rows.push({
      quantity: 'threshold (ascending)',
      prior: `normal(${short(threshold.mean)}, ${short(threshold.sd)})${threshold.about ? ' at the centre' : ''}`,
      from: threshold.source,
    });
  }
  const parameter = estimatedParameter(design);
  if (parameter) {
    const own = response[parameter];
    const name = typeof own === 'string' ? own : parameter;
    const least = LEAST[parameter];
    rows.push({
      quantity: parameter,
      prior: `${spell(priors[parameter]!)}${least > 0 ? ` on ${parameter} > ${least}` : ''}`,
      from: prior(name) ? name : 'default',
    });
  }
  const { correlation = null, correlations, delta = [], omega } = priors.residual ?? {};
  if (correlations) {
    const text = correlations.kind === 'lkj' ? `lkj(${short(correlations.eta)})` : 'partial autocorrelations uniform';
    rows.push({ quantity: 'rho', prior: text, from: correlations.from });
  }
  if (correlation) {
    const { name, low, high, from } = correlation;
    rows.push({ quantity: name, prior: `uniform(${short(low)}, ${short(high)})`, from });
  }
  for (const { label, mean, sd, from } of delta) {
    rows.push({ quantity: `delta[${label}]`, prior: `normal(${short(mean)}, ${short(sd)})`, from });
  }
  if (omega) rows.push({ quantity: omega.name, prior: spell(omega.prior), from: omega.from });
  return rows;
}

/** The prior nodes of a graph as they stand, before data resolve the defaults. */
export function graphPriorRows(graph: ModelGraph): PriorRow[] {
  return Object.entries<GraphNode>(graph.nodes).flatMap(([quantity, node]) => {
    if (node.kind !== 'prior') return [];
    return node.distribution === 'default'
      ? [{ quantity, prior: 'default', from: 'resolved on the data' }]
      : [{ quantity, prior: spell(node), from: quantity }];
  });
}

/** Whether the prior is of a combination of coefficients and not of its own alone. */
function isCombination(B: Float64Array | null | undefined, row: number, p: number): boolean {
  return !!B && Array.from({ length: p }, (_, k) => k).some((k) => k !== row && B[row * p + k] !== 0);
}

function coefficientRows({ columns }: Design, { beta }: Priors): PriorRow[] {
  const rows = columns.map(({ label }, column) => ({
    quantity: `beta[${label}]`,
    prior:
      beta.sd[column] === Number.POSITIVE_INFINITY
        ? 'flat()'
        : beta.mixtures?.[column]
          ? spell(beta.mixtures[column])
          : `normal(${short(beta.mean[column]!)}, ${short(beta.sd[column]!)})${isCombination(beta.combinations, column, columns.length) ? (column === 0 ? ' at the centre' : ' about the centre') : ''}`,
    from: beta.source[column]!,
  }));
  const shared = horseshoes(beta).filter((each) => each.columns.length > 1);
  if (shared.length > 0) {
    return rows.flatMap((row, column) => {
      const own = shared.find((each) => each.columns.includes(column))?.columns;
      if (!own) return [row];
      return own[0] === column
        ? [{ ...row, quantity: `beta of ${own.length} columns together: ${listed(columns, own)}` }]
        : [];
    });
  }
  const alike = rows.length > 1 && rows.every(({ prior, from }) => prior === rows[0]!.prior && from === rows[0]!.from);
  return alike ? [{ ...rows[0]!, quantity: `beta (all ${rows.length})` }] : rows;
}

/** The first few labels of columns, and the last. */
function listed(columns: Design['columns'], own: readonly number[]): string {
  const labels = own.map((k) => columns[k]!.label);
  return labels.length <= 4 ? labels.join(', ') : `${labels.slice(0, 2).join(', ')}, ..., ${labels.at(-1)}`;
}

function blockRows(
  { factor, labels }: GroupTerm,
  { cov, start, size }: CovarianceBlock,
  block: BlockPrior,
  prior: (name: string) => Prior | undefined,
): PriorRow[] {
  const own = labels.slice(start, start + size);
  const whole = size === labels.length ? '' : `[${own.join(', ')}]`;
  if (block.kind === 'halfTCov') {
    return [
      { quantity: `Sigma_${factor}${whole}`, prior: `half_t_cov(${block.df}, ${numbers(block.scale)})`, from: cov },
    ];
  }
  if (block.kind === 'inverseWishart') {
    return [
      {
        quantity: `Sigma_${factor}${whole}`,
        prior: `inverse_wishart(${block.df}, ${matrix(block.scale, size)})`,
        from: cov,
      },
    ];
  }
  const given = prior(cov);
  const separate = given?.distribution === 'separation' ? given : undefined;
  const tauFrom = (label: string): string => {
    const override = `tau_${factor}[${label}]`;
    if (prior(override)) return override;
    if (!separate) return given ? cov : 'default';
    const tau = separate.tau;
    const node = isPrior(tau)
      ? tau
      : Object.hasOwn(tau, label)
        ? (tau as Readonly<Record<string, Prior>>)[label]
        : undefined;
    return node && node.distribution !== 'default' ? cov : 'default';
  };
  const rows = own.map((label, k) => ({
    quantity: `tau_${factor}[${label}]`,
    prior: `${spell(block.tau[k]!)}${where(block.about, own, k)}`,
    from: tauFrom(label),
  }));
  if (size === 1) return rows;
  const from = separate && separate.corr.distribution !== 'default' ? cov : 'default';
  const about = block.about ? ' about the means of the columns' : '';
  return [...rows, { quantity: `corr_${factor}${whole}`, prior: `lkj(${short(block.eta)})${about}`, from }];
}

/**
 * Where along the other columns the sd of column k has its prior, if that is not where they are 0: ` at Days = 4.5`.
 */
function where(about: Float64Array | undefined, labels: readonly string[], k: number): string {
  if (!about) return '';
  const size = labels.length;
  const others = labels.flatMap((label, l) => (l !== k && about[k * size + l] !== 0 ? [{ label, l }] : []));
  if (others.length === 0) return '';
  // The weight of a product of columns is no place along it.
  const places = others.map(({ label, l }) =>
    termParts(label).length > 1 ? null : `${label} = ${Number((-about[k * size + l]!).toPrecision(7))}`,
  );
  return places.includes(null) ? ' at the means of the columns' : ` at ${places.join(', ')}`;
}

/** A prior in the spelling of the command line; an inverse gamma is stated on the variance. */
function spell(prior: Prior | ScalePrior | ParameterPrior | MixturePrior): string {
  const entry = distributions.find(({ name }) => name === prior.distribution)!;
  const fields = prior as unknown as Readonly<Record<string, unknown>>;
  const args = entry.parameters.map((parameter) => spellValue(fields[parameter]));
  const text = `${entry.spelling ?? entry.name}(${args.join(', ')})`;
  return prior.distribution === 'inverseGamma' ? `${text} on the variance` : text;
}

function spellValue(value: unknown): string {
  if (typeof value === 'number') return short(value);
  if (Array.isArray(value)) return `[${value.map(spellValue).join(', ')}]`;
  if (isPrior(value)) return spell(value);
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  return `{ ${entries.map(([label, prior]) => `${label}: ${spellValue(prior)}`).join(', ')} }`;
}

function numbers(values: Float64Array): string {
  return values.every((value) => value === values[0]) ? short(values[0]!) : `[${Array.from(values, short).join(', ')}]`;
}

/** A multiple of the identity as its factor, any other matrix by rows. */
function matrix(values: Float64Array, size: number): string {
  const rows = Array.from({ length: size }, (_, i) => Array.from(values.subarray(i * size, (i + 1) * size)));
  const multiple = rows.every((row, i) => row.every((value, j) => value === (i === j ? values[0] : 0)));
  return multiple ? short(values[0]!) : `[${rows.map((row) => `[${row.map(short).join(', ')}]`).join(', ')}]`;
}

/** Four significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
