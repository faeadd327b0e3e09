import { familyOf } from '../../../families/familyOf.ts';
import { textList } from '../../../input/acceptedValue.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import { type ParameterProfile, profile } from '../../../likelihood/inference/profile.ts';
import type { MaximumLikelihoodFit } from '../../../likelihood/maximumLikelihoodFit.ts';
import { Z95 } from '../../../special/normalPoints.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, picture } from '../../drawing/picture.ts';
import { short } from '../parts/numberWords.ts';
import { shortName } from '../parts/parametersOf.ts';
import { pictureError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** What a picture of profiles is of. */
export interface ProfilePictureOptions extends PictureOptions {
  /** Parameters by name; default all, of which the first twelve are drawn. */
  readonly parameters?: readonly string[];
}

const MOST = 12;

/**
 * Whether the likelihood is quadratic: the signed root of the deviance of each parameter (`profile`), which is a
 * straight line where an estimate is as good as normal, with the line of the Wald interval through the estimate and the
 * ends of the 90% interval at zeta = -1.64 and 1.64. `rows` are the values and their zeta. Throws
 * `no-picture` for a response that is not gaussian, and what `profile` throws.
 */
export function plotProfile(fit: MaximumLikelihoodFit, options: ProfilePictureOptions = {}): Picture {
  checkOptions('plotProfile', options, { ...PICTURE_OPTIONS, parameters: textList });
  if (fit?.kind === 'maximumLikelihood' && familyOf(fit.design).conjugate !== 'normal') {
    throw pictureError('plotProfile', 'profiles are of responses that are gaussian', 'plotParameters');
  }
  const all = profile(fit, options.parameters ? { parameters: options.parameters } : {});
  const drawn = all.slice(0, MOST);
  const bends = drawn.map((one) => ({ one, bend: bendOf(one) }));
  const [most] = [...bends].sort((a, b) => b.bend - a.bend);
  const cut = all.filter(({ value, zeta }) => zeta[0]! > -Z95 && value[0] !== Number.NEGATIVE_INFINITY);
  const caption = [
    most === undefined
      ? ''
      : most.bend < 0.1
        ? 'All are nearly straight: Wald intervals would do.'
        : `${most.one.parameter} bends most: it is drawn to ${short(most.one.estimate - most.one.value[0]!)} below its estimate and to ${short(most.one.value.at(-1)! - most.one.estimate)} above, the same rise of the deviance.`,
    cut.length > 0
      ? `${cut.map(({ parameter }) => parameter).join(', ')} ${cut.length === 1 ? 'ends' : 'end'} before the deviance is high enough: ${cut.length === 1 ? 'its' : 'their'} interval reaches the end of the range.`
      : '',
    all.length > MOST ? `Of ${all.length} parameters the first ${MOST}; choose others with parameters.` : '',
  ];
  return picture({
    name: 'profile',
    ...wordsOf(options, {
      title: 'Is the likelihood quadratic?',
      subtitle:
        'signed root of the rise of the deviance as one parameter is held and the others follow; dotted at the ends of 90% intervals',
      caption: caption.filter((sentence) => sentence !== '').join(' '),
    }),
    description: drawn
      .map(
        ({ parameter, estimate, value }) =>
          `${parameter}: estimate ${short(estimate)}, drawn from ${short(value[0]!)} to ${short(value.at(-1)!)}`,
      )
      .join('; '),
    legend: [
      { role: 'likelihood', shape: 'line', text: 'profile' },
      { role: 'muted', shape: 'line', dash: 'short', text: 'if it were quadratic' },
    ],
    columns: [4, 2],
    panels: drawn.map(panelOf),
    rows: all.flatMap(({ parameter, criterion, value, zeta }) =>
      Array.from(value, (at, i) => ({ parameter, criterion, value: at, zeta: zeta[i]! })),
    ),
  });
}

function panelOf({ parameter, criterion, estimate, value, zeta }: ParameterProfile): Panel {
  const reach = Math.max(Math.abs(zeta[0]!), Math.abs(zeta.at(-1)!), Z95);
  const points = Array.from(value, (x, i) => ({ x, y: zeta[i]! }));
  const slope = slopeAt(value, zeta);
  const domain = domainOf(value, 0.04);
  // The straight line, as far as it stays in the frame.
  const straight = domain.map((x) => {
    const y = Math.max(-reach, Math.min(reach, slope * (x - estimate)));
    return { x: estimate + y / slope, y };
  });
  return {
    title: shortName(parameter),
    note: criterion,
    x: { scale: 'linear', domain, count: 3 },
    y: { scale: 'linear', domain: [-1.05 * reach, 1.05 * reach], count: 4 },
    height: 140,
    marks: [
      { kind: 'rule', role: 'muted', y: 0, width: 1 },
      { kind: 'rule', role: 'muted', y: -Z95, width: 1, dash: 'dotted' },
      { kind: 'rule', role: 'muted', y: Z95, width: 1, dash: 'dotted' },
      ...(slope > 0 ? [{ kind: 'line', role: 'muted', width: 1.2, dash: 'short', points: straight } as const] : []),
      { kind: 'line', role: 'likelihood', width: 2, points },
    ],
  };
}

/** d zeta / d value at the estimate, over its neighbours. */
function slopeAt(value: Float64Array, zeta: Float64Array): number {
  const at = zeta.indexOf(0);
  const a = Math.max(0, at - 1);
  const b = Math.min(value.length - 1, at + 1);
  return b > a ? (zeta[b]! - zeta[a]!) / (value[b]! - value[a]!) : 0;
}

/** How much shorter the steeper side is than the other, 0 to 1, each as far as both go. */
function bendOf({ estimate, value, zeta }: ParameterProfile): number {
  const below = estimate - value[0]!;
  const above = value.at(-1)! - estimate;
  const [left, right] = [-zeta[0]! / below, zeta.at(-1)! / above];
  return below > 0 && above > 0 ? 1 - Math.min(left, right) / Math.max(left, right) : 0;
}
