import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { plotParameters } from '../../plots/pictures/estimates/plotParameters.ts';
import type { PictureOptions } from '../../plots/pictures/parts/pictureOptions.ts';
import { compare } from '../../summary/comparison/compare.ts';
import { summarize } from '../../summary/summarize.ts';
import { type Figures, figures } from './figureHtml.ts';
import { wordLink } from './glossary.ts';
import { code, escapeHtml, listHtml, tableHtml } from './html.ts';
import { intervalHtml, numberHtml } from './numberHtml.ts';
import { quantityWords } from './quantityWords.ts';

const METHODS = { REML: 'REML', ML: 'ML', laplace: 'ML (Laplace)', agq: 'ML (quadrature)' } as const;

/** Quantities that a table of a page holds. */
const MOST = 60;

/**
 * The parameters with their words, mean and 90% interval, and beside them the likelihood fit, or why there is none;
 * then why the two part, and the picture of the parameters.
 */
export function estimatesSection(fit: Fit, other: MaximumLikelihoodFit | string, options: PictureOptions): Figures {
  const variables = fit.draws.variables.map(({ name }) => name).filter((name) => !name.startsWith('u_'));
  const rows = summarize(fit, { variables });
  const words = quantityWords(fit.design);
  const compared = typeof other === 'string' ? null : compare(fit, other);
  const method = typeof other === 'string' ? null : METHODS[other.method];
  const ml = new Map(compared?.rows.map((row) => [row.parameter, row.ml]));
  const shown = rows
    .slice(0, MOST)
    .map(({ variable, mean, sd, q5, q95 }) => [
      `${code(variable)}<span class="words">${words.get(variable) ?? ''}</span>`,
      numberHtml(mean, sd),
      intervalHtml(q5, q95, sd),
      ...(method === null ? [] : [numberHtml(ml.get(variable) ?? null, sd)]),
    ]);
  const reasons =
    compared?.rows.flatMap(({ parameter, reason }) =>
      reason === null ? [] : [`${code(parameter)}: <bdi>${escapeHtml(reason)}</bdi>`],
    ) ?? [];
  const titles = ['quantity', 'mean', '90% interval', ...(method === null ? [] : [method])];
  const beside =
    typeof other === 'string'
      ? `<p class="quiet">There is no likelihood fit beside it: <bdi>${escapeHtml(other)}</bdi></p>`
      : reasons.length > 0
        ? `<h3>Where the two part, and why</h3>${listHtml(reasons)}`
        : `<p>${wordLink('reml', method!)} and the ${wordLink('posterior', 'posterior')} agree to within half a posterior standard deviation, or no cause was found by computing where they do not.</p>`;
  const rest =
    rows.length > MOST
      ? `<p>The first ${MOST} of ${rows.length} quantities; all of them: <code>partial-pooling summary FIT.json</code></p>`
      : '';
  const picture = figures(
    [() => plotParameters(fit, { ...options, ...(typeof other === 'string' ? {} : { compare: other }) })],
    false,
  );
  const lead = `<p>The ${wordLink('interval', '90% interval')} says how sure the model is: given the model and these data, the value lies in it with probability .9.</p>`;
  return {
    html: `${lead}${tableHtml('Posterior mean and interval of each quantity', titles, shown, [0], true)}${rest}${beside}${picture.html}`,
    pictures: picture.pictures,
  };
}
