import type { Fit } from '../../mcmc/fit.ts';
import { priorRows } from '../priorRows.ts';
import { wordLink } from './glossary.ts';
import { code, escapeHtml, folded, listHtml, named, tableHtml } from './html.ts';
import { modelMath } from './mathMl.ts';

/** The model in both notations, the priors in force, and which kernel updates what. */
export function modelSection(fit: Fit): string {
  const { multilevel, composite } = modelMath(fit);
  const priors = priorRows(fit.design, fit.priors).map(({ quantity, prior, from }) => [
    code(quantity),
    named(prior),
    from === 'default' ? 'default' : 'given',
  ]);
  const kernels = fit.sampling.kernels.map(
    ({ name, updates, why }) =>
      `${escapeHtml(name)} updates <bdi>${escapeHtml(updates.join(', '))}</bdi>: <bdi>${escapeHtml(why)}</bdi>`,
  );
  return [
    '<h3>A regression for each level</h3>',
    mathBox('the model, a regression for each level', multilevel.join('')),
    '<h3>The same in one line</h3>',
    mathBox('the model in one line', composite),
    '<h3>Priors</h3>',
    `<p>A ${wordLink('prior', 'prior')} says what the model assumes of a quantity before the data are seen.</p>`,
    tableHtml('Priors in force', ['quantity', 'prior', 'where from'], priors, [0, 1, 2]),
    folded('How each part is drawn', listHtml(kernels)),
  ].join('');
}

/** Formulas break between summands; a summand that is wider than the page scrolls. */
function mathBox(label: string, inner: string): string {
  return `<section class="scroll math" tabindex="0" aria-label="${label}">${inner}</section>`;
}
