import { autocorrelation } from '../../../../diagnostics/autocorrelation.ts';
import type { Variable } from '../../../../diagnostics/chains.ts';
import { ecdfBand } from '../../../../diagnostics/ecdfBand.ts';
import { rankHistogram } from '../../../../diagnostics/rankHistogram.ts';
import { ranks } from '../../../../diagnostics/ranks.ts';
import { type SummaryRow, summarizeDraws } from '../../../../diagnostics/summarizeDraws.ts';
import { textList } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Mark, type Panel, type Picture, picture } from '../../drawing/picture.ts';
import { seriesRole } from '../../drawing/seriesRole.ts';
import { bandMarks } from '../parts/ecdfDifference.ts';
import { count, short } from '../parts/numberWords.ts';
import { parametersOf, shortName } from '../parts/parametersOf.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** What a picture of chains is of. */
export interface ChainsPictureOptions extends PictureOptions {
  /** Variables or single quantities; default the three with the largest R-hat and smallest ESS. */
  readonly variables?: readonly string[];
}

const MOST = 6;
const DEFAULT = 3;
const LAGS = 25;
const BINS = 20;

/**
 * How the chains ran: the draws in order, how each chain ranks among all (counts, and the ECDF less the uniform one
 * with a simultaneous band), and autocorrelation. Throws `unknown-variable` and `option`.
 */
export function plotChains(fit: Fit, options: ChainsPictureOptions = {}): Picture {
  checkFit('plotChains', fit, 'mcmc');
  checkOptions('plotChains', options, { ...PICTURE_OPTIONS, variables: textList });
  const variables = parametersOf(fit, options.variables);
  const summaries = summarizeDraws(variables);
  const order = variables.map((variable, i) => ({ variable, summary: summaries[i]! }));
  const worst = [...order].sort((a, b) => badness(b.summary) - badness(a.summary));
  const shown = options.variables ? order.slice(0, MOST) : worst.slice(0, DEFAULT);
  const M = fit.draws.chains;
  const drawn = shown.map(({ variable, summary }, i) => chainPanels(variable, summary, i === shown.length - 1));
  const outside = drawn.filter(({ leaves }) => leaves).length;
  const maxRhat = Math.max(...summaries.map(({ rhat }) => rhat));
  const banded = M > 1 && fit.draws.iterations > 1;
  const caption = [
    'Left: the draws in order; healthy chains look like one blur.',
    banded
      ? `Then the ranks of the draws of each chain among all, as counts and as a difference from uniform: a curve that leaves the grey band says that this chain sampled another distribution; here ${outside} of ${count(shown.length, 'parameter')} ${outside === 1 ? 'has' : 'have'} one (1 in 20 does in a healthy run).`
      : 'One chain alone has nothing to be compared with: run several.',
    'Right: correlation of a draw with those before it.',
  ];
  return picture({
    name: 'chains',
    ...wordsOf(options, {
      title:
        maxRhat < 1.01
          ? `${count(M, 'chain')}: all R-hat below 1.01`
          : `${count(M, 'chain')}: the largest R-hat is ${maxRhat < 10 ? maxRhat.toFixed(2) : short(maxRhat)}`,
      subtitle: options.variables
        ? null
        : `the ${count(shown.length, 'parameter')} with the largest R-hat and the smallest effective sample size, of ${variables.length}`,
      caption: caption.join(' '),
    }),
    description: shown
      .map(
        ({ summary }) =>
          `${summary.variable}: R-hat ${summary.rhat.toFixed(3)}, bulk ESS ${summary.essBulk.toFixed(0)}, tail ESS ${summary.essTail.toFixed(0)}`,
      )
      .join('; '),
    legend: [
      ...Array.from(
        { length: Math.min(M, 4) },
        (_, c) =>
          ({
            role: seriesRole(c),
            shape: 'line',
            text: M > 4 && c === 3 ? `chains 4, 8, \u2026` : `chain ${c + 1}`,
          }) as const,
      ),
      ...(banded ? [{ role: 'muted', shape: 'band', text: '95% band, all points and chains at once' } as const] : []),
    ],
    columns: [4, 2],
    panels: drawn.flatMap(({ panels }) => panels),
    rows: shown.map(({ summary }) => ({ ...summary })),
  });
}

/** How badly a parameter mixed: by R-hat, then by the smaller ESS. */
function badness({ rhat, essBulk, essTail }: SummaryRow): number {
  if (Number.isNaN(rhat)) return -1;
  return rhat - 1 + 1 / Math.max(1, Math.min(essBulk, essTail));
}

function chainPanels(variable: Variable, summary: SummaryRow, last: boolean): { panels: Panel[]; leaves: boolean } {
  const { chains, name } = variable;
  const N = chains[0]!.length;
  const values = pooledRange(chains);
  const step = Math.max(1, Math.ceil(N / 400));
  const trace = chains.map((chain, c): Mark => {
    const points = Array.from({ length: Math.ceil(N / step) }, (_, i) => ({ x: i * step, y: chain[i * step]! }));
    return { kind: 'line', role: seriesRole(c), width: 0.7, opacity: 0.8, points };
  });
  const finite = values.every(Number.isFinite);
  const histogram = finite ? rankHistogram(chains, { bins: BINS }) : null;
  const counts = (histogram?.counts ?? []).map(
    (bins, c): Mark => ({
      kind: 'line',
      role: seriesRole(c),
      width: 1.4,
      steps: true,
      points: [...bins, bins.at(-1)!].map((y, b) => ({ x: b / BINS, y })),
    }),
  );
  const highest = Math.max(1, ...(histogram?.counts ?? []).flat());
  const { marks, reach, leaves } =
    finite && chains.length > 1 && N > 1
      ? ecdfMarks(chains, histogram!.thin)
      : { marks: [], reach: 0.05, leaves: false };
  const rho = chains.map(
    (chain, c): Mark => ({
      kind: 'line',
      role: seriesRole(c),
      width: 1.2,
      points: Array.from(autocorrelation(chain).subarray(0, LAGS + 1), (y, x) => ({ x, y })),
    }),
  );
  const axis = (label: string) => (last ? { label } : {});
  const panels: Panel[] = [
    {
      title: shortName(name),
      x: { scale: 'linear', domain: [0, N], count: 4, grid: false, ...axis('draw') },
      y: { scale: 'linear', domain: domainOf(values, 0.03), count: 3 },
      height: 120,
      share: 1.7,
      marks: trace,
    },
    {
      title: `R-hat ${summary.rhat.toFixed(3)}`,
      x: { scale: 'linear', domain: [0, 1], count: 2, grid: false, ...axis('rank') },
      y: { scale: 'linear', domain: [0, 1.1 * highest], show: false, grid: false },
      height: 120,
      marks: [
        ...counts,
        ...(histogram
          ? [
              {
                kind: 'line',
                role: 'muted',
                width: 1,
                dash: 'short',
                points: histogram.expected.map((y, b) => ({ x: (b + 0.5) / BINS, y })),
              } as const,
            ]
          : []),
      ],
    },
    {
      title: `bulk ESS ${summary.essBulk.toFixed(0)}`,
      x: { scale: 'linear', domain: [0, 1], count: 2, grid: false, ...axis('ECDF less uniform') },
      y: { scale: 'linear', domain: [-reach, reach], count: 3, grid: false },
      height: 120,
      marks,
    },
    {
      title: `tail ESS ${summary.essTail.toFixed(0)}`,
      x: { scale: 'linear', domain: [0, LAGS], count: 3, grid: false, ...axis('autocorrelation, lag') },
      y: { scale: 'linear', domain: [-0.2, 1], count: 3 },
      height: 120,
      marks: [{ kind: 'rule', role: 'muted', y: 0, width: 1 }, ...rho],
    },
  ];
  return { panels, leaves };
}

/** The rank ECDF of each chain less the uniform one, of every `thin`-th draw, in its band. */
function ecdfMarks(chains: Variable['chains'], thin: number): { marks: Mark[]; reach: number; leaves: boolean } {
  const kept = chains.map((chain) => Float64Array.from(chain).filter((_, i) => i % thin === 0));
  const N = kept[0]!.length;
  if (N < 2) return { marks: [], reach: 0.05, leaves: false };
  const found = ecdfBand(kept.length, N);
  const { share, halfWidth } = found;
  const total = N * kept.length;
  let reach = 0;
  let leaves = false;
  const curves = ranks(kept).map((own, c): Mark => {
    const sorted = Float64Array.from(own).sort();
    let below = 0;
    const points = Array.from(share, (x, i) => {
      while (below < N && sorted[below]! <= x * total + 1e-9) below += 1;
      const y = below / N - x;
      reach = Math.max(reach, Math.abs(y), halfWidth[i]!);
      if (Math.abs(y) > halfWidth[i]! + 1e-9) leaves = true;
      return { x, y };
    });
    return { kind: 'line', role: seriesRole(c), width: 1.4, points };
  });
  return {
    marks: [...bandMarks(found), ...curves],
    reach: 1.15 * reach,
    leaves,
  };
}

function pooledRange(chains: Variable['chains']): number[] {
  let [low, high, finite] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  for (const chain of chains) {
    for (let i = 0; i < chain.length; i += 1) {
      const value = chain[i]!;
      finite &&= Number.isFinite(value);
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return finite ? [low, high] : [low, high, Number.NaN];
}
