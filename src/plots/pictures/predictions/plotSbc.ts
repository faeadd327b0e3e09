import { ecdfBand } from '../../../../diagnostics/ecdfBand.ts';
import { ModelError } from '../../../errors.ts';
import { type AcceptedValue, wholeNumber } from '../../../input/acceptedValue.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { quote } from '../../../input/quote.ts';
import { type Mark, type Picture, picture } from '../../drawing/picture.ts';
import { ecdfDifference, ecdfPanel } from '../parts/ecdfDifference.ts';
import { count, short } from '../parts/numberWords.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** What the ranks are among. */
export interface SbcPictureOptions extends PictureOptions {
  /** Posterior draws of each data set: ranks are 0 .. draws. */
  readonly draws: number;
}

const DRAWS: AcceptedValue = {
  ...wholeNumber(1),
  words: 'a whole number from 1, the posterior draws that each rank is among',
};

/** Quantities of which each has a curve; of more those that go farthest. Names of those that leave the band. */
const MOST = 100;
const NAMED = 6;

/**
 * Simulation-based calibration (Talts et al. 2018): for each quantity the ranks of its true value among `draws`
 * posterior draws, one of each simulated data set, as ECDF less the uniform one, with the band that holds a curve of a
 * right sampler with probability .95 at all points at once (`ecdfBand` of one sample of whole numbers). `rows` are the
 * quantities with their largest distance in half-widths of the band. Throws `option`.
 */
export function plotSbc(ranks: Readonly<Record<string, ArrayLike<number>>>, options: SbcPictureOptions): Picture {
  checkOptions('plotSbc', options, { ...PICTURE_OPTIONS, draws: DRAWS }, ['draws']);
  const { draws } = options;
  const cells = draws + 1;
  const entries = typeof ranks === 'object' && ranks !== null ? Object.entries(ranks) : [];
  const N = entries[0]?.[1]?.length;
  const fail = (what: string): ModelError =>
    new ModelError(
      'option',
      'ranks',
      `plotSbc: ${what}; accepted are ranks by quantity, as in { sigma: [3, 17, 0] }, each list as long, of whole numbers from 0 to draws`,
    );
  if (N === undefined || N < 2) throw fail(`got ${quote(ranks)}`);
  for (const [name, own] of entries) {
    if (own?.length !== N) throw fail(`${quote(name)} is ${quote(own)} beside lists of ${N}`);
    const wrong = Array.from(own).find((rank) => !(Number.isInteger(rank) && rank >= 0 && rank < cells));
    if (wrong !== undefined) throw fail(`${quote(name)} has the rank ${quote(wrong)}`);
  }
  const band = ecdfBand(1, N, { cells });
  const curves = entries
    .map(([quantity, own]) => ({ quantity, ...ecdfDifference(own, band, cells) }))
    .sort((a, b) => b.reach - a.reach);
  const outside = curves.filter(({ reach }) => reach > 1);
  const shown = curves.slice(0, MOST);
  const farthest = curves[0]!;
  const said = `${outside.length} of ${count(curves.length, 'quantity', 'quantities')} ${outside.length === 1 ? 'leaves' : 'leave'} the band (1 in 20 is to be expected of a right sampler); ${farthest.quantity} goes farthest, ${short(farthest.reach)} half-widths at ${short(farthest.at)}.`;
  const named = outside.slice(0, NAMED);
  const lines = [...shown].reverse().map((each): Mark => {
    const role = each.reach > 1 ? 'own' : 'partial';
    const clear = named.includes(each);
    return { kind: 'line', role, width: clear ? 1.8 : 1, opacity: clear ? 1 : 0.5, points: each.points };
  });
  const labels = named.map(({ quantity, points, at }) => {
    const { x, y } = points.find((point) => point.x === at)!;
    return { x, y, text: quantity };
  });
  return picture({
    name: 'sbc',
    ...wordsOf(options, {
      title: 'Is the sampler right?',
      subtitle: `ranks of the true values among ${draws} draws in ${count(N, 'simulated data set')}: share of ranks below, less what is to be expected`,
      caption: `${said} A hill then a valley: posteriors are too narrow; a valley then a hill: too wide; a hill alone: they lie too high; a valley alone: too low.${curves.length > MOST ? ` The ${MOST} that go farthest are drawn.` : ''}`,
    }),
    description: said,
    legend: [
      { role: 'partial', shape: 'line', text: 'quantity' },
      ...(outside.length > 0 ? [{ role: 'own', shape: 'line', text: 'quantity that leaves the band' } as const] : []),
      { role: 'muted', shape: 'band', text: '95% band of each, all points at once' },
    ],
    columns: [1, 1],
    panels: [ecdfPanel('rank, as a share', band, [...lines, { kind: 'labels', labels }])],
    rows: curves.map(({ quantity, reach, at }) => ({ quantity, reach, at, outside: reach > 1 ? 'yes' : 'no' })),
  });
}
