import { formulaText } from '../../graph/formulaText.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { escapeHtml, folded, listHtml } from './html.ts';

/** What is known of the making of a page beside the fit; each is left out where it is not given. */
export interface Making {
  /** As it is to be printed: `2026-11-28`. */
  readonly date?: string;
  /** The command line or the lines of a program that made the fit. */
  readonly command?: string;
  /** The version of this package. */
  readonly version?: string;
  /** `Node v22.1.0`. */
  readonly platform?: string;
}

/** What repeating the fit takes, and how to cite. */
export function repeatSection(fit: Fit, { command, version, platform, date }: Making): string {
  const { chains, warmup, iterations, seed, rule } = fit.sampling;
  const { formula, level2, residual, sigma } = formulaText(fit.graph);
  const second = level2.map(
    ({ factor, term, formula: text }) => `level 2 of ${factor}${term === undefined ? '' : `, ${term}`}: ${text}`,
  );
  const residuals = [...(residual ? [`residual: ${residual}`] : []), ...(sigma ? [`sigma: ${sigma}`] : [])];
  const facts = [
    `seed ${seed}, ${chains} chains, ${warmup} of warm-up, ${iterations} recorded, kernels ${escapeHtml(rule)}: the same draws, bit by bit, on every machine`,
    ...(version ? [`partial-pooling ${escapeHtml(version)}`] : []),
    ...(platform ? [escapeHtml(platform)] : []),
    ...(date ? [`report of ${escapeHtml(date)}`] : []),
  ];
  const year = /\b(\d{4})\b/.exec(date ?? '')?.[1];
  const bibtex = `@software{partial_pooling,\n  title = {partial-pooling: Bayesian multilevel models in TypeScript},\n${version ? `  version = {${version}},\n` : ''}${year ? `  year = {${year}},\n` : ''}}`;
  return [
    listHtml(facts),
    `<pre>${escapeHtml([formula, ...second, ...residuals].join('\n'))}</pre>`,
    command ? `<p>Made by:</p><pre>${escapeHtml(command)}</pre>` : '',
    folded('The model as JSON, with its priors', `<pre>${escapeHtml(JSON.stringify(fit.graph, null, 1))}</pre>`),
    folded('How to cite (BibTeX)', `<pre>${escapeHtml(bibtex)}</pre>`),
  ].join('');
}
