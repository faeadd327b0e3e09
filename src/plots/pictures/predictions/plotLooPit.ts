import { ecdfBand } from '../../../../diagnostics/ecdfBand.ts';
import { paretoKThreshold } from '../../../../diagnostics/psis.ts';
import { seedValue } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { looPit } from '../../../summary/checks/looPit.ts';
import { drawCount } from '../../../summary/groupDraws.ts';
import { type Picture, picture } from '../../drawing/picture.ts';
import { ecdfDifference, ecdfPanel } from '../parts/ecdfDifference.ts';
import { count, short } from '../parts/numberWords.ts';
import { pictureError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** How counted responses are placed. */
export interface LooPitPictureOptions extends PictureOptions {
  /** Of what is drawn of counted responses; default the fit's. */
  readonly seed?: number;
}

/** Standard errors beyond which a mean or a spread is said to be off. */
const CLEAR = 3;

/**
 * Whether predictions of rows are calibrated: the ECDF of the leave-one-out PIT values (`looPit`) less the uniform one,
 * with the band that holds all of it with probability .95 if the model is right (`ecdfBand` of one sample; the values
 * are taken as independent, which they nearly are). `rows` are the values with their Pareto k. Throws what `looPit`
 * does, and `no-picture` for a single row.
 */
export function plotLooPit(fit: Fit, options: LooPitPictureOptions = {}): Picture {
  checkFit('plotLooPit', fit, 'mcmc');
  checkOptions('plotLooPit', options, { ...PICTURE_OPTIONS, seed: seedValue });
  if (fit.design.n < 2) throw pictureError('plotLooPit', 'there is one row', 'plotParameters');
  const { pit, paretoK, rowNumbers } = looPit(fit, options.seed === undefined ? {} : { seed: options.seed });
  const band = ecdfBand(1, pit.length);
  const { points, reach, at } = ecdfDifference(pit, band);
  const threshold = paretoKThreshold(drawCount(fit));
  const above = paretoK.reduce((sum, k) => sum + (k > threshold ? 1 : 0), 0);
  const said = [
    reach > 1
      ? `The curve leaves the band, most at ${short(at)}: predictions are not calibrated.`
      : 'The curve stays in the band: predictions are as sure as they should be.',
    ...(reach > 1 ? shapeOf(pit) : []),
    ...(above > 0
      ? [`The Pareto k of ${count(above, 'row')} is above ${short(threshold)}: their values are not to be trusted.`]
      : []),
  ].join(' ');
  return picture({
    name: 'loo-pit',
    ...wordsOf(options, {
      title: 'Are predictions as sure as they should be?',
      subtitle:
        'where each row lies in its predictive distribution given all other rows (LOO-PIT): share of rows up to there, less what is to be expected',
      caption: `${said} Above 0 more rows lie that low than predicted.`,
    }),
    description: said,
    legend: [
      { role: 'partial', shape: 'line', text: count(pit.length, 'row') },
      { role: 'muted', shape: 'band', text: '95% band, all points at once' },
    ],
    columns: [1, 1],
    panels: [
      ecdfPanel('place in the predictive distribution', band, [{ kind: 'line', role: 'partial', width: 2, points }]),
    ],
    rows: rowNumbers.map((row, i) => ({ row, pit: pit[i]!, paretoK: paretoK[i]! })),
  });
}

/** In words how the values part from uniform ones, whose mean is 1 / 2 and whose variance is 1 / 12. */
function shapeOf(pit: Float64Array): string[] {
  const n = pit.length;
  const mean = pit.reduce((sum, value) => sum + value, 0) / n;
  const spread = pit.reduce((sum, value) => sum + (value - 0.5) ** 2, 0) / n;
  const shift = (mean - 0.5) * Math.sqrt(12 * n);
  const width = (spread - 1 / 12) * Math.sqrt(180 * n);
  return [
    ...(Math.abs(shift) > CLEAR ? [`Answers are ${shift > 0 ? 'higher' : 'lower'} than predicted.`] : []),
    ...(width > CLEAR ? ['Too many rows lie in the tails: predictions are too sure.'] : []),
    ...(width < -CLEAR ? ['Too few rows lie in the tails: predictions are less sure than they could be.'] : []),
  ];
}
