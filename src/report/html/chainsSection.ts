import type { Fit } from '../../mcmc/fit.ts';
import { plotChains } from '../../plots/pictures/estimates/plotChains.ts';
import type { PictureOptions } from '../../plots/pictures/parts/pictureOptions.ts';
import { summarize } from '../../summary/summarize.ts';
import { type Figures, figures } from './figureHtml.ts';
import { wordLink } from './glossary.ts';
import { code, folded, tableHtml } from './html.ts';
import { countHtml, numberHtml } from './numberHtml.ts';

const MOST = 60;

/** How the chains ran: the picture of those that mixed worst, and R-hat, ESS and Monte Carlo errors. */
export function chainsSection(fit: Fit, options: PictureOptions): Figures {
  const { chains, warmup, iterations, seed } = fit.sampling;
  const variables = fit.draws.variables.map(({ name }) => name).filter((name) => !name.startsWith('u_'));
  const rows = summarize(fit, { variables })
    .slice(0, MOST)
    .map(({ variable, rhat, essBulk, essTail, mcseMean }) => [
      code(variable),
      Number.isFinite(rhat) ? rhat.toFixed(3) : '\u2013',
      Number.isFinite(essBulk) ? essBulk.toFixed(0) : '\u2013',
      Number.isFinite(essTail) ? essTail.toFixed(0) : '\u2013',
      numberHtml(mcseMean, mcseMean),
    ]);
  const titles = [
    'quantity',
    wordLink('rhat', 'R-hat'),
    `bulk ${wordLink('ess', 'ESS')}`,
    'tail ESS',
    'Monte Carlo error of the mean',
  ];
  const drawn = figures([() => plotChains(fit, options)], false);
  const size = `<p>${countHtml(chains, 'chain')}, each of ${countHtml(iterations, 'draw')} after ${warmup} of warm-up; seed ${seed}.</p>`;
  const inner = `${size}${tableHtml('How well each quantity is known from its draws', titles, rows)}${drawn.html}`;
  return { html: folded('R-hat, effective sample sizes, traces and ranks', inner), pictures: drawn.pictures };
}
