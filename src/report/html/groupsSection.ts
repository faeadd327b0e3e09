import { drawsNotKept, keepsNothing } from '../../mcmc/drawsNotKept.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { plotCoefficientSpace } from '../../plots/pictures/groups/plotCoefficientSpace.ts';
import { plotCoefficientsBy } from '../../plots/pictures/groups/plotCoefficientsBy.ts';
import { plotCurves } from '../../plots/pictures/groups/plotCurves.ts';
import { plotGroupLines } from '../../plots/pictures/groups/plotGroupLines.ts';
import { plotGroups } from '../../plots/pictures/groups/plotGroups.ts';
import { plotRanks } from '../../plots/pictures/groups/plotRanks.ts';
import { plotShrinkage } from '../../plots/pictures/groups/plotShrinkage.ts';
import type { PictureOptions } from '../../plots/pictures/parts/pictureOptions.ts';
import { shrinkage } from '../../summary/pooling/shrinkage.ts';
import { type Figures, figures } from './figureHtml.ts';
import { wordLink } from './glossary.ts';
import { escapeHtml, folded, listHtml, named, tableHtml } from './html.ts';
import { intervalHtml, numberHtml } from './numberHtml.ts';

/** Rows of the table of groups that a page holds. */
const MOST = 1000;

/**
 * The groups of one factor: what pooling did to them, their lines or curves, and, folded, all of them in order, ranks
 * and a table.
 */
export function groupsOf(fit: Fit, factor: string, options: PictureOptions): Figures {
  if (fit.design.residual)
    return {
      html: '<p class="quiet">What each group would say by itself is computed for independent residuals with one sigma, and left out here.</p>',
      pictures: [],
    };
  const term = fit.design.groupTerms.find((each) => each.factor === factor)!;
  const nothing = keepsNothing(fit, `u_${factor}`);
  const sentence =
    drawsNotKept(fit, `u_${factor}`) === null
      ? ''
      : `<p class="quiet">This fit keeps ${nothing ? 'nothing' : 'a summary'} of the deviations of ${named(factor)} and not their draws: pictures that take draws are left out.</p>`;
  if (nothing) return { html: sentence, pictures: [] };
  const first = figures([() => plotShrinkage(fit, factor, options)]);
  const coefficients =
    term.level2.m > 1
      ? figures([() => plotCoefficientsBy(fit, factor, undefined, options)])
      : figures([() => plotCoefficientSpace(fit, factor, options)]);
  const lines = figures([() => plotGroupLines(fit, factor, options)]);
  const curves = lines.pictures.length > 0 ? lines : figures([() => plotCurves(fit, { ...options, factor })]);
  const order = figures([() => plotGroups(fit, factor, options)], false);
  const ranks = figures([() => plotRanks(fit, factor, options)], false);
  const parts = [first, coefficients, curves];
  const more = [
    order.pictures.length > 0 ? folded(`All groups of ${named(factor)} in order`, order.html) : '',
    ranks.pictures.length > 0 ? folded('Ranks, and how sure they are', ranks.html) : '',
    folded(`Table of all groups of ${named(factor)}`, groupTable(fit, factor)),
  ];
  return {
    html: sentence + parts.map(({ html }) => html).join('') + more.join(''),
    pictures: [...parts, order, ranks].flatMap(({ pictures }) => pictures),
  };
}

/** What stands over the groups of the first factor. */
export function groupsLead(): string {
  return `<p>Each group is estimated three ways: from its ${wordLink('own', 'own data alone')}, by ${wordLink('complete', 'complete pooling')}, and by the multilevel model (${wordLink('partial', 'partial pooling')}), which draws it towards the ${wordLink('line', 'population line')} the more the less its rows tell.</p>`;
}

function groupTable(fit: Fit, factor: string): string {
  const { rows } = shrinkage(fit, factor);
  const shown = rows.slice(0, MOST).map((row) => {
    const spread = (row.q95 - row.q5) / 3.3;
    return [
      named(row.level),
      named(row.term),
      String(row.n),
      numberHtml(row.noPooling, row.noPoolingSe),
      numberHtml(row.partialPooling, spread),
      intervalHtml(row.q5, row.q95, spread),
      numberHtml(row.populationLine, spread),
    ];
  });
  const titles = ['group', 'coefficient', 'n', 'own data alone', 'partial pooling', '90% interval', 'population line'];
  const reasons = [...new Set(rows.flatMap(({ reason }) => (reason === null ? [] : [reason])))];
  const why =
    reasons.length > 0
      ? `<p class="quiet">Where there is no estimate from own data alone:</p>${listHtml(reasons.slice(0, 5).map((reason) => `<bdi>${escapeHtml(reason)}</bdi>`))}`
      : '';
  const rest =
    rows.length > MOST
      ? `<p>The first ${MOST} of ${rows.length}; all of them: <code>partial-pooling shrinkage FIT.json</code></p>`
      : '';
  return tableHtml(`Groups of ${escapeHtml(factor)}`, titles, shown, [0, 1]) + rest + why;
}
