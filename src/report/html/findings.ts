import type { GroupTerm } from '../../design/design.ts';
import { familyOf } from '../../families/familyOf.ts';
import { keepsNothing } from '../../mcmc/drawsNotKept.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { drawSummary } from '../../summary/drawSummary.ts';
import { betaDraws, groupDraws } from '../../summary/groupDraws.ts';
import { icc } from '../../summary/icc.ts';
import { type ShrinkageRow, shrinkage } from '../../summary/pooling/shrinkage.ts';
import { named } from './html.ts';
import { countHtml, intervalHtml, numberHtml } from './numberHtml.ts';
import { eventWords, interactionsOf, isLevel, scaleWords, varyingWords } from './quantityWords.ts';

/** Sentences that a page begins with. */
const MOST = 5;

/**
 * Three to five sentences of what a fit says, as HTML: the coefficients farthest from zero for their sd, how much
 * groups differ, and how far the rows of a group tell about it. They say what goes with what, never what does what.
 */
export function findings(fit: Fit): string[] {
  const { groupTerms } = fit.design;
  const groups = groupTerms.slice(0, 2).map((_, f) => spreadSentence(fit, f));
  const own = groupTerms.length > 0 ? [rowsSentence(fit, groupTerms[0]!)] : [];
  const coefficients = coefficientSentences(fit, MOST - groups.length - own.length);
  return [...coefficients, ...groups, ...own.filter((sentence) => sentence !== '')];
}

/** 5%, 50% and 95% quantiles, and the sd. */
function summaryOf(draws: Float64Array) {
  const { mean, sd, quantiles } = drawSummary(draws, [0.05, 0.5, 0.95]);
  return { mean, sd, low: quantiles[0]!, middle: quantiles[1]!, high: quantiles[2]! };
}

function coefficientSentences(fit: Fit, most: number): string[] {
  const { design } = fit;
  const all = design.columns.map((column, c) => ({ column, c, ...summaryOf(betaDraws(fit, c)) }));
  const single = all
    .filter(({ column }) => column.parts.length === 1)
    .sort((a, b) => Math.abs(b.mean) / (b.sd || 1) - Math.abs(a.mean) / (a.sd || 1))
    .slice(0, Math.min(2, most));
  if (single.length > 0) return single.map(({ c, ...summary }) => coefficientSentence(fit, c, summary));
  const constant = all.find(({ column }) => column.parts.length === 0);
  return constant
    ? [
        `Over all groups, ${scaleWords(design)} is ${numberHtml(constant.mean, constant.sd)} (90% interval ${intervalHtml(constant.low, constant.high, constant.sd)}).`,
      ]
    : [];
}

function coefficientSentence(
  fit: Fit,
  c: number,
  { mean, sd, low, middle, high }: ReturnType<typeof summaryOf>,
): string {
  const { design } = fit;
  const response = named(design.response.label);
  const label = named(design.columns[c]!.parts[0]!.label);
  const { link } = familyOf(design);
  const factor = design.groupTerms.find(({ level2 }) =>
    level2.columns.some((column, i) => column === c && i % level2.m > 0),
  );
  const who = factor ? `Groups of ${named(factor.factor)}` : 'Rows';
  const others = interactionsOf(design, c);
  const at =
    others.length > 0 ? `, where ${others.map(named).join(' and ')} ${others.length > 1 ? 'are' : 'is'} 0` : '';
  const level = isLevel(design, c);
  const which = level
    ? `${who} of ${label}, beside those of the reference and otherwise alike${at}:`
    : `${who} that differ by 1 in ${label} and are otherwise alike in the model${at}:`;
  const open = low > 0 || high < 0 ? '' : ' The interval leaves open which way it goes.';
  if (link === 'logit' || link === 'log') {
    const spread = (Math.exp(high) - Math.exp(low)) / 3.3;
    const noun = link === 'logit' ? `odds of ${eventWords(design)}` : `expected ${response}`;
    return `${which} the ${noun} are ${numberHtml(Math.exp(middle), spread)} times as high (90% interval ${intervalHtml(Math.exp(low), Math.exp(high), spread)}).${open}`;
  }
  const scale = link === 'identity' ? response : scaleWords(design);
  const word = mean < 0 ? 'lower' : 'higher';
  const size = numberHtml(Math.abs(mean), sd);
  return `${which} ${scale} is ${size} ${word} on average (90% interval of the difference ${intervalHtml(low, high, sd)}).${open}`;
}

function spreadSentence(fit: Fit, f: number): string {
  const { factor, labels } = fit.design.groupTerms[f]!;
  const draws = groupDraws(fit, f);
  const parts = labels.slice(0, 2).map((label, k) => {
    const { mean, sd, low, high } = summaryOf(draws.tau(k));
    return `${numberHtml(mean, sd)} in ${varyingWords(label)} (90% interval ${intervalHtml(low, high, sd)})`;
  });
  // Of rows that depend on each other beyond the groups there is no one share.
  const share = fit.design.residual ? null : icc(fit)[f]!;
  const of =
    share === null || share.estimate === null
      ? ''
      : ` Of the variance that the columns leave${share.at === null ? '' : ` (at ${named(share.at)})`}, ${Math.round(100 * share.estimate)}% is shared by rows of one group.`;
  return `Groups of ${named(factor)} differ about the line of the population with a standard deviation of ${parts.join(' and ')}.${of}`;
}

/** How much of the prior variance of a group's coefficient its rows leave, for the smallest and the largest group. */
function rowsSentence(fit: Fit, { factor, labels }: GroupTerm): string {
  if (fit.design.residual || keepsNothing(fit, `u_${factor}`)) return '';
  const rows = shrinkage(fit, factor)
    .rows.filter(({ term, n }) => term === labels[0] && n > 0)
    .sort((a, b) => a.n - b.n);
  const [least, most] = [rows[0], rows.at(-1)];
  if (!least || !most) return '';
  const noun = fit.design.response.trials ? 'trial' : 'row';
  const size = ({ n }: ShrinkageRow): string => countHtml(n, noun);
  const percent = ({ shrinkageWeight }: ShrinkageRow): string => `${Math.round(100 * shrinkageWeight)}%`;
  const what = varyingWords(labels[0]!);
  const about = `of the variance between groups in ${what} stays open`;
  if (least.n === most.n) {
    const weights = rows.map(({ shrinkageWeight }) => shrinkageWeight);
    return `Every group of ${named(factor)} has ${size(least)}; once they are seen, ${Math.round(100 * Math.min(...weights))}% to ${Math.round(100 * Math.max(...weights))}% ${about}: the larger, the more the estimate leans on the other groups.`;
  }
  return `Once its ${size(least)} ${least.n === 1 ? 'is' : 'are'} seen, ${percent(least)} ${about} for ${named(least.level)}, and ${percent(most)} for ${named(most.level)} with ${size(most)}: small groups lean on the others.`;
}
