import type { CheckResult } from '../../../diagnostics/check.ts';
import { rowsSentence } from '../../design/needsRows.ts';
import { observations } from '../../design/observations.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { formulaText } from '../../graph/formulaText.ts';
import { type AcceptedValue, text } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { PICTURE_OPTIONS, type PictureOptions } from '../../plots/pictures/parts/pictureOptions.ts';
import { plotLooPit } from '../../plots/pictures/predictions/plotLooPit.ts';
import { plotPredictive } from '../../plots/pictures/responses/plotPredictive.ts';
import { plotResiduals } from '../../plots/pictures/responses/plotResiduals.ts';
import { check } from '../../summary/checks/check.ts';
import { thinnedFit } from '../../summary/thinnedFit.ts';
import { chainsSection } from './chainsSection.ts';
import { dataSection } from './dataSection.ts';
import { estimatesSection } from './estimatesSection.ts';
import { type Figures, figures } from './figureHtml.ts';
import { findings } from './findings.ts';
import { glossaryHtml } from './glossary.ts';
import { groupsLead, groupsOf } from './groupsSection.ts';
import { code, escapeHtml, folded, listHtml, named } from './html.ts';
import { modelSection } from './modelSection.ts';
import { countHtml } from './numberHtml.ts';
import { priorsSection } from './priorsSection.ts';
import { type Making, repeatSection } from './repeatSection.ts';
import { REPORT_STYLE } from './reportStyle.ts';
import { trustOf, verdictHtml } from './verdictHtml.ts';

/** What a report is called, and what it says beside the fit. */
export interface ReportOptions extends Making {
  /** Default: the response by the grouping factors. */
  readonly title?: string;
  /** What columns are called in pictures. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Units by column, in pictures. */
  readonly units?: Readonly<Record<string, string>>;
  /** The likelihood fit to set beside the posterior; fitted here unless given, left out where null. */
  readonly compare?: MaximumLikelihoodFit | null;
  /** A verdict that was made before; made here unless given. */
  readonly check?: CheckResult;
}

const compared: AcceptedValue = {
  words: 'a fit of maximumLikelihood, or null',
  accepts: (value) => value === null || (value as { kind?: unknown }).kind === 'maximumLikelihood',
};
const verdict: AcceptedValue = {
  words: 'what check(fit) gives',
  accepts: (value) => typeof value === 'object' && value !== null && 'findings' in value,
};

const REPORT_OPTIONS: OptionTable<ReportOptions> = {
  title: text,
  labels: PICTURE_OPTIONS.labels,
  units: PICTURE_OPTIONS.units,
  compare: compared,
  check: verdict,
  date: text,
  command: text,
  version: text,
  platform: text,
};

/** A section of a report and the pictures in it. */
export interface ReportSection {
  readonly id: string;
  readonly title: string;
  readonly pictures: readonly string[];
}

/** A report, and what is in it. */
export interface ReportDocument {
  readonly title: string;
  readonly sections: readonly ReportSection[];
  readonly html: string;
}

/** What leaving one row out costs in one draw, in means of a row. */
const LEFT_OUT_COST = 30;

/** Grouping factors that are drawn; of more the last ones stand in the table of estimates alone. */
const FACTORS = 3;

/**
 * A fit as one page of HTML for a reader who was not there: verdict, findings in words, estimates beside those of
 * maximum likelihood, groups, predictive check, chains, model, data, a glossary, and what repeating it takes. It loads
 * nothing and runs nothing. Of the sampler's fits alone. Throws `not-a-fit`, `unknown-option` and `option`.
 */
export function report(fit: Fit, options: ReportOptions = {}): string {
  return reportDocument(fit, options).html;
}

/** `report` with the list of what is in it. */
export function reportDocument(fit: Fit, options: ReportOptions = {}): ReportDocument {
  checkFit('report', fit, 'mcmc');
  checkOptions('report', options, REPORT_OPTIONS);
  const { labels, units } = options;
  const words = { ...(labels ? { labels } : {}), ...(units ? { units } : {}) };
  const { design } = fit;
  const result = options.check ?? check(fit);
  const factors = design.groupTerms.map(({ factor }) => factor);
  const title =
    options.title ?? [design.response.label, ...(factors.length > 0 ? ['by', factors.join(' and ')] : [])].join(' ');
  const groups = factors.slice(0, FACTORS).map((factor) => ({ factor, ...groupsOf(fit, factor, words) }));
  const plain = (html: string): Figures => ({ html, pictures: [] });
  const sections: (ReportSection & Figures)[] = [
    { id: 'found', title: 'What was found', ...plain(listHtml(findings(fit))) },
    { id: 'estimates', title: 'Estimates', ...estimatesSection(fit, likelihoodFit(fit, options.compare), words) },
    ...(groups.length > 0
      ? [
          {
            id: 'groups',
            title: 'The groups',
            html:
              groupsLead() +
              groups
                .map(({ factor, html }) => (groups.length > 1 ? `<h3>${named(factor)}</h3>${html}` : html))
                .join(''),
            pictures: groups.flatMap(({ pictures }) => pictures),
          },
        ]
      : []),
    {
      id: 'fit',
      title: 'Does the model fit?',
      ...(rowsSentence(design, 'pictures of the fit') === null
        ? fitSection(fit, words)
        : plain(`<p>${escapeHtml(rowsSentence(design, 'Pictures of the fit')!)}.</p>`)),
    },
    { id: 'priors', title: 'How far the answer depends on the priors', ...plain(priorsSection(fit)) },
    { id: 'chains', title: 'How the chains ran', ...chainsSection(fit, words) },
    { id: 'model', title: 'The model', ...plain(modelSection(fit)) },
    { id: 'data', title: 'The data', ...plain(dataSection(fit)) },
    { id: 'words', title: 'Words', ...plain(glossaryHtml()) },
    { id: 'repeat', title: 'To repeat this', ...plain(repeatSection(fit, options)) },
  ].filter(({ html }) => html !== '');
  const body = sections
    .map(
      ({ id, title: heading, html }) =>
        `<section aria-labelledby="${id}"><h2 id="${id}">${heading}</h2>${html}</section>`,
    )
    .join('\n');
  const nav = `<nav aria-label="Sections"><ul>${sections.map(({ id, title: heading }) => `<li><a href="#${id}">${heading}</a></li>`).join('')}</ul></nav>`;
  const rest = `${nav}\n${body}`;
  const html = page(
    title,
    [
      `<h1>${named(title)}</h1>`,
      `<p>${code(formulaText(fit.graph).formula)}</p>`,
      factsHtml(fit, options),
      verdictHtml(result),
      trustOf(result) === 'no' ? folded('Show the report anyway', rest) : rest,
    ].join('\n'),
  );
  return {
    title,
    sections: sections.map(({ id, title: heading, pictures }) => ({ id, title: heading, pictures })),
    html,
  };
}

/**
 * Replicates, places of rows among the predictions made without them, and residuals; the second of as many draws as
 * take about a fifth of a second.
 */
function fitSection(fit: Fit, words: PictureOptions): Figures {
  const { n, residual } = fit.design;
  const { fit: few, notes } = thinnedFit(fit, n, LEFT_OUT_COST * n);
  const shown = figures([
    () => plotPredictive(fit, words),
    ...(residual ? [] : [() => plotLooPit(few, words), () => plotResiduals(fit, undefined, words)]),
  ]);
  if (notes.length === 0 || !shown.pictures.includes('loo-pit')) return shown;
  const note = `<p>For the picture of LOO-PIT ${notes.join('; ')}.</p>`;
  return { html: shown.html + note, pictures: shown.pictures };
}

/** The fit beside the posterior, or why there is none. */
function likelihoodFit(fit: Fit, given: MaximumLikelihoodFit | null | undefined): MaximumLikelihoodFit | string {
  if (given === null) return 'none was asked for';
  if (given) return given;
  try {
    return fitDesign(fit.design, familyOf(fit.design).conjugate === 'normal' ? 'REML' : 'laplace');
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

function factsHtml({ design, sampling }: Fit, { date }: ReportOptions): string {
  const facts = [
    countHtml(observations(design), 'row'),
    ...design.groupTerms.map(({ factor, J }) => `${countHtml(J, 'group')} of ${named(factor)}`),
    countHtml(sampling.chains * sampling.iterations, 'posterior draw'),
    ...(date ? [escapeHtml(date)] : []),
  ];
  return `<ul class="facts">${facts.map((fact) => `<li>${fact}</li>`).join('')}</ul>`;
}

/** The page: what it may load is nothing. */
function page(title: string, body: string): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${escapeHtml(title)}</title>
<style>
${REPORT_STYLE}
</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}
