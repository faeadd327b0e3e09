import { kindOf } from '../../../families/familyOf.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { type Calibration, calibration } from '../../../summary/checks/calibration.ts';
import { type Panel, type Picture, picture } from '../../drawing/picture.ts';
import { pictureError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** Events that have a panel each, and ticks of the rug. */
const MOST = 6;
const RUG = 300;

/**
 * Whether what is predicted with 70% comes 70% of the time: for successes, for ordered answers above each level, for
 * counts above their quartiles, the isotonic fit of the event on its leave-one-out probability with the 90% band of
 * fits were the probabilities right (`calibration` has the method and its source), and below a rug of the
 * probabilities. `rows` are the points of the curves. Throws `no-picture` for measured numbers, and what `looPit`
 * does.
 */
export function plotCalibration(fit: Fit, options: PictureOptions = {}): Picture {
  checkFit('plotCalibration', fit, 'mcmc');
  checkOptions('plotCalibration', options, PICTURE_OPTIONS);
  const { response } = fit.design;
  if (kindOf(fit.design) === 'numbers') {
    throw pictureError(
      'plotCalibration',
      `${response.label} is a measured number, which has no probability`,
      'plotLooPit',
    );
  }
  const curves = calibration(fit);
  if (curves.length === 0) {
    throw pictureError('plotCalibration', `all values of ${response.label} are equal`, 'plotPredictive');
  }
  const eventOf = ({ above }: Calibration): string =>
    above === null ? 'success' : `above ${response.levels ? response.levels[above]! : above}`;
  const worst = curves.reduce((most, each) => (each.p < most.p ? each : most));
  const one = curves.length === 1;
  const said = `${one ? 'Miscalibration' : `Of "${eventOf(worst)}", the event that is worst, miscalibration`} is ${worst.miscalibration.toFixed(4)} of a Brier score of ${worst.brier.toFixed(3)}; ${worst.expected.toFixed(4)} is to be expected were the probabilities right, and as much or more comes in ${worst.p < 0.01 ? 'less than 1' : Math.round(100 * worst.p)}% of such data.`;
  const shown =
    curves.length > MOST
      ? Array.from({ length: MOST }, (_, k) => curves[Math.round((k * (curves.length - 1)) / (MOST - 1))]!)
      : curves;
  return picture({
    name: 'calibration',
    ...wordsOf(options, {
      title: 'Does what is predicted with 70% come 70% of the time?',
      subtitle: `share of ${worst.above === null ? `successes (${response.label})` : `rows in which ${response.label} was above a ${response.levels ? 'level' : 'count'}`}, by the probability predicted without the row; ticks are the rows`,
      caption: `${said} On the line events come as often as predicted; above it more often.`,
    }),
    description: said,
    legend: [
      { role: 'data', shape: 'line', text: 'observed share (isotonic fit)' },
      { role: 'partial', shape: 'band', text: '90% band, were the probabilities right' },
      { role: 'muted', shape: 'line', dash: 'short', text: 'as predicted' },
    ],
    columns: [one ? 1 : shown.length === 2 || shown.length === 4 ? 2 : 3, one ? 1 : 2],
    panels: shown.map((each) => panelOf(each, one ? undefined : eventOf(each))),
    rows: curves.flatMap((each) =>
      each.curve.map(({ probability, share, q5, q95 }) => ({ event: eventOf(each), probability, share, q5, q95 })),
    ),
  });
}

function panelOf({ curve, probabilities }: Calibration, title: string | undefined): Panel {
  const step = Math.max(1, Math.ceil(probabilities.length / RUG));
  const axis = { scale: 'linear', domain: [0, 1], count: title === undefined ? 5 : 3 } as const;
  return {
    ...(title === undefined ? {} : { title }),
    x: { ...axis, label: 'predicted probability' },
    y: { ...axis, domain: [-0.05, 1.02] },
    height: title === undefined ? 360 : 190,
    marks: [
      {
        kind: 'band',
        role: 'partial',
        opacity: 0.3,
        points: curve.map(({ probability, q5, q95 }) => ({ x: probability, low: q5, high: q95 })),
      },
      { kind: 'line', role: 'muted', width: 1, dash: 'short', points: [0, 1].map((at) => ({ x: at, y: at })) },
      {
        kind: 'line',
        role: 'data',
        width: 2,
        points: curve.map(({ probability, share }) => ({ x: probability, y: share })),
      },
      {
        kind: 'segments',
        role: 'data',
        width: 0.8,
        opacity: 0.35,
        segments: Array.from(probabilities)
          .filter((_, i) => i % step === 0)
          .map((at) => ({ x1: at, x2: at, y1: -0.045, y2: -0.015 })),
      },
    ],
  };
}
