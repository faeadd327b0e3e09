import { needsIndependent } from '../../../design/needsIndependent.ts';
import { familyOf } from '../../../families/familyOf.ts';
import { text } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { conditionalMeans } from '../../../likelihood/conditionalMeans.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { correlationFactor } from '../../../summary/correlationFactor.ts';
import { drawMean } from '../../../summary/drawSummary.ts';
import { groupDraws, populationLine, sigmaDraws } from '../../../summary/groupDraws.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Picture, type PictureRow, picture } from '../../drawing/picture.ts';
import { estimateOf } from '../parts/groupEstimates.ts';
import { groupTermOf } from '../parts/groupTermOf.ts';
import { count, short, whole } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { labelOf, PICTURE_OPTIONS, type PictureOptions, scaleWords, wordsOf } from '../parts/pictureOptions.ts';

/** What a pooling path is of. */
export interface PoolingPathOptions extends PictureOptions {
  /** The varying term; default the first. */
  readonly term?: string;
}

const STEPS = 41;

/** Groups that are named at the end of their path, and above how many the rest is faint. */
const NAMED = 12;
/** Faint lines; of more groups every second, or third, is drawn. */
const FAINT = 120;

/**
 * What every group's coefficient would be if groups differed less or more: E[b_j | tau, y] from complete pooling
 * (tau = 0) on, by `conditionalMeans`, the other variances at their posterior means, correlations kept and the sds of
 * all terms of the factor multiplied alike. Where tau is likely (its 90% interval) and its mean are marked. Throws
 * `unknown-factor`, `option`, and `no-picture` for a response that is not gaussian.
 */
export function plotPoolingPath(fit: Fit, factor: string, options: PoolingPathOptions = {}): Picture {
  checkFit('plotPoolingPath', fit, 'mcmc');
  checkOptions('plotPoolingPath', options, { ...PICTURE_OPTIONS, term: text });
  const { design } = fit;
  needsIndependent(design, 'plotPoolingPath');
  const { f, k, term, label } = groupTermOf(fit, factor, options.term);
  if (familyOf(design).conjugate !== 'normal') {
    throw pictureError('plotPoolingPath', 'coefficients given tau have no closed form here', 'plotShrinkage');
  }
  const sigma = sigmaDraws(fit);
  const scale = sigma ? drawMean(sigma) : 1;
  const lambdas = design.groupTerms.map((each, g) => {
    const draws = groupDraws(fit, g);
    const C = new Float64Array(each.q * each.q);
    correlationFactor(each)(
      draws.pairs.map((_, pair) => drawMean(draws.corr(pair))),
      C,
    );
    return C.map((value, at) => (value * drawMean(draws.tau(Math.floor(at / each.q)))) / scale);
  });
  const tau = estimateOf(groupDraws(fit, f).tau(k));
  const end = Math.max(1.6 * tau.q95, 1e-9);
  const at = conditionalMeans(design);
  const rows: PictureRow[] = [];
  const paths = term.levels.map(() => [] as { x: number; y: number }[]);
  const steps = Array.from({ length: STEPS }, (_, step) => (end * step) / (STEPS - 1));
  for (const value of [...steps, tau.mean].sort((a, b) => a - b)) {
    const times = tau.mean > 0 ? value / tau.mean : 0;
    const { beta, u } = at(lambdas.map((lambda, g) => (g === f ? lambda.map((each) => each * times) : lambda)));
    term.levels.forEach((level, j) => {
      const coefficient = populationLine(term, beta, j, k) + u[f]![j * term.q + k]!;
      paths[j]!.push({ x: value, y: coefficient });
      rows.push({ level, term: label, tau: value, coefficient });
    });
  }
  const order = term.levels
    .map((level, j) => ({ level, path: paths[j]!, move: Math.abs(paths[j]!.at(-1)!.y - paths[j]![0]!.y) }))
    .sort((a, b) => b.move - a.move);
  const shown = order.slice(0, NAMED);
  const others = order.slice(NAMED);
  const stride = Math.max(1, Math.ceil(others.length / FAINT));
  const middle = shown.map(({ path }) => path.find(({ x }) => x === tau.mean)!);
  const domain = domainOf(paths.flat().map(({ y }) => y));
  const marks: Mark[] = [
    {
      kind: 'band',
      role: 'muted',
      opacity: 0.15,
      points: [tau.q5, tau.q95].map((x) => ({ x, low: domain[0], high: domain[1] })),
    },
    { kind: 'rule', role: 'population', x: tau.mean, width: 1.2, dash: 'dashed' },
    ...others
      .filter((_, i) => i % stride === 0)
      .map(({ path }): Mark => ({ kind: 'line', role: 'partial', width: 1, opacity: 0.25, points: path })),
    ...shown.map(({ path }): Mark => ({ kind: 'line', role: 'partial', width: 1.8, points: path })),
    {
      kind: 'dots',
      role: 'partial',
      shape: 'dot',
      radius: 3.5,
      points: middle.map((each, i) => ({ ...each, key: shown[i]!.level })),
    },
  ];
  const what = labelOf(options, label);
  const several = term.q > 1 ? ' The spreads of the other coefficients change in the same ratio.' : '';
  return picture({
    name: 'path',
    ...wordsOf(options, {
      title: `What if groups of ${factor} differed less or more?`,
      subtitle: `${what} of each ${factor}, given the spread between them${scaleWords(options, design)}`,
      caption: `At the left all groups share one line (complete pooling); to the right each approaches its own data. The spread is ${short(tau.mean)} by the posterior mean, 90% interval ${short(tau.q5)} to ${short(tau.q95)}.${several}${order.length > NAMED ? ` Drawn thick, and named where there is room: the ${NAMED} of ${whole(order.length)} that move farthest.` : ''}${stride > 1 ? ` Of the others one in ${stride} is drawn.` : ''}`,
    }),
    description: `${what} of ${count(term.J, 'group')} of ${factor} against the standard deviation between them, from 0 to ${short(end)}; the posterior mean of it is ${short(tau.mean)}.`,
    legend: [
      { role: 'partial', shape: 'line', text: 'the estimate of a group, given the spread' },
      { role: 'muted', shape: 'band', text: '90% interval of the spread' },
      { role: 'population', shape: 'line', dash: 'dashed', text: 'its posterior mean' },
    ],
    columns: [1, 1],
    panels: [
      {
        x: {
          scale: 'linear',
          domain: [0, end],
          label: `standard deviation between groups of ${factor}, tau`,
          count: 6,
        },
        y: { scale: 'linear', domain, count: 6 },
        height: 380,
        right: spread(
          shown.map(({ path, level }) => ({ value: path.at(-1)!.y, text: level })),
          (domain[1] - domain[0]) / 27,
        ),
        marks,
      },
    ],
    rows,
  });
}

/** Those of the texts that stand at least `gap` apart, the first first. */
function spread<T extends { readonly value: number }>(texts: readonly T[], gap: number): T[] {
  const kept: T[] = [];
  for (const each of texts) if (kept.every(({ value }) => Math.abs(value - each.value) >= gap)) kept.push(each);
  return kept;
}
