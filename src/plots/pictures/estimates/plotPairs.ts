import { textList } from '../../../input/acceptedValue.ts';
import { checkFit } from '../../../input/checkFit.ts';
import { checkOptions } from '../../../input/checkOptions.ts';
import type { Fit } from '../../../mcmc/fit.ts';
import { pooledDraws } from '../../../summary/pooledDraws.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import { type Panel, type Picture, picture } from '../../drawing/picture.ts';
import { ellipse } from '../parts/ellipse.ts';
import { short } from '../parts/numberWords.ts';
import { parametersOf, shortName } from '../parts/parametersOf.ts';
import { pictureError } from '../parts/pictureError.ts';
import { PICTURE_OPTIONS, type PictureOptions, wordsOf } from '../parts/pictureOptions.ts';

/** What a picture of pairs is of. */
export interface PairsPictureOptions extends PictureOptions {
  /**
   * Variables or single quantities, two to eight of them; default all but the deviations of groups, the first eight.
   */
  readonly variables?: readonly string[];
}

/** Parameters that are set against each other, pairs that are drawn, and points of each. */
const MOST = 8;
const PANELS = 12;
const POINTS = 250;

/**
 * Which parameters trade off: draws of pairs, thinned, with the ellipses that hold 50% and 90% of a bivariate normal
 * with the mean and covariance of all draws; the pairs with the largest correlation first. `rows` has every pair.
 * Throws `unknown-variable`, `option`, and `no-picture` for one parameter and for more than eight that were named.
 */
export function plotPairs(fit: Fit, options: PairsPictureOptions = {}): Picture {
  checkFit('plotPairs', fit, 'mcmc');
  checkOptions('plotPairs', options, { ...PICTURE_OPTIONS, variables: textList });
  const all = parametersOf(fit, options.variables);
  if (options.variables && all.length > MOST) {
    throw pictureError(
      'plotPairs',
      `${all.length} parameters were named, and pairs of at most ${MOST} are drawn`,
      'plotParameters',
    );
  }
  const chosen = all.slice(0, MOST).map((variable) => ({ name: variable.name, draws: pooledDraws(variable) }));
  if (chosen.length < 2) throw pictureError('plotPairs', 'there is one parameter alone', 'plotParameters');
  const pairs = chosen
    .flatMap((first, i) =>
      chosen.slice(i + 1).map((second) => ({ first, second, ...moments(first.draws, second.draws) })),
    )
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r));
  const strong = pairs.filter(({ r }) => Math.abs(r) > 0.7).length;
  const [most] = pairs;
  const panels = pairs.slice(0, PANELS).map(({ first, second, r, means, covariance }): Panel => {
    const stride = Math.max(1, Math.floor(first.draws.length / POINTS));
    const points: { x: number; y: number }[] = [];
    for (let s = 0; s < first.draws.length; s += stride) points.push({ x: first.draws[s]!, y: second.draws[s]! });
    const outer = ellipse(...means, covariance, 0.9);
    return {
      ...(Math.abs(r) > 0.15 ? { note: `r = ${minus(r.toFixed(2))}` } : {}),
      title: shortName(second.name),
      x: {
        scale: 'linear',
        domain: domainOf([...points, ...outer].map(({ x }) => x)),
        count: 3,
        label: shortName(first.name),
      },
      y: {
        scale: 'linear',
        domain: domainOf([...points, ...outer].map(({ y }) => y)),
        count: 3,
      },
      height: 130,
      marks: [
        { kind: 'dots', role: 'partial', shape: 'dot', radius: 1.4, opacity: 0.4, points },
        { kind: 'line', role: 'population', width: 1.2, points: ellipse(...means, covariance, 0.5) },
        { kind: 'line', role: 'population', width: 1.2, points: outer },
      ],
    };
  });
  return picture({
    name: 'pairs',
    ...wordsOf(options, {
      title: 'Which parameters trade off?',
      subtitle: 'draws of pairs of parameters, the largest correlation first; the parameter of the heading upwards',
      caption:
        `${most ? `${most.first.name} and ${most.second.name} go together most, r = ${minus(most.r.toFixed(2))}. ` : ''}${strong} of ${pairs.length} pairs have a correlation beyond 0.7. A long thin cloud says that the data know a combination of the two better than either. ${pairs.length > PANELS ? `${PANELS} of ${pairs.length} pairs are drawn.` : ''}${all.length > MOST ? ` Of ${all.length} parameters the first ${MOST}; choose others with variables.` : ''}`.trim(),
    }),
    description: pairs
      .slice(0, PANELS)
      .map(({ first, second, r }) => `${first.name} and ${second.name}: r ${short(r)}`)
      .join('; '),
    legend: [
      { role: 'partial', shape: 'dot', text: 'some of the draws' },
      { role: 'population', shape: 'line', text: '50% and 90% of a normal with the moments of all draws' },
    ],
    columns: [4, 2],
    panels,
    rows: pairs.map(({ first, second, r, means }) => ({
      first: first.name,
      second: second.name,
      r,
      meanFirst: means[0],
      meanSecond: means[1],
    })),
  });
}

const minus = (text: string): string => text.replace('-', '\u2212');

function moments(a: Float64Array, b: Float64Array) {
  const S = a.length;
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / S;
  const [ma, mb] = [mean(a), mean(b)];
  let [vaa, vab, vbb] = [0, 0, 0];
  for (let s = 0; s < S; s += 1) {
    const [da, db] = [a[s]! - ma, b[s]! - mb];
    vaa += da * da;
    vab += da * db;
    vbb += db * db;
  }
  const r = vaa > 0 && vbb > 0 ? vab / Math.sqrt(vaa * vbb) : 0;
  const covariance = [vaa / (S - 1), vab / (S - 1), vbb / (S - 1)] as const;
  return { r, means: [ma, mb] as const, covariance };
}
