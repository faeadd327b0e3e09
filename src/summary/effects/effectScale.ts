import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import type { EffectKind } from './effectOptions.ts';

/** A scale of answers: whether its mean is the linear predictor itself, and the words for it. */
export interface EffectScale {
  readonly linear: boolean;
  /** What is averaged, as `the probability of vote = 1`. */
  readonly what: string;
  /** Whether counts are counted in the exposures of rows. */
  readonly exposed: boolean;
  /** A mean to the scale on which its interval is symmetric, and back. */
  readonly toLine: (mean: number) => number;
  readonly fromLine: (line: number) => number;
  /** d toLine / d mean. */
  readonly steepness: (mean: number) => number;
}

/**
 * The scale of a kind. Throws `no-rate` for a rate of other responses than counts, and `not-supported` for an ordered
 * response, which has no mean.
 */
export function effectScale(design: Design, kind: EffectKind, place: string): EffectScale {
  const family = familyOf(design);
  const { response } = design;
  if (family.kind === 'ordered') {
    const message = `${place}: the response is ${family.name}, whose levels have no mean; predict gives the probability of each level`;
    throw new ModelError('not-supported', place, message);
  }
  if (kind === 'rate' && family.kind !== 'counts') {
    throw new ModelError('no-rate', 'kind', `kind: 'rate' is of counts, and the response is ${family.name}`);
  }
  const same = (value: number): number => value;
  if (kind === 'linear' || family.link === 'identity') {
    const what = family.link === 'identity' ? `the mean of ${response.label}` : 'the linear predictor';
    return { linear: true, what, exposed: false, toLine: same, fromLine: same, steepness: () => 1 };
  }
  const toLine = family.linkOf;
  const fromLine = family.mean;
  const exposed = kind === 'mean' && response.exposure !== null;
  switch (family.kind) {
    case 'counts': {
      const what =
        exposed || response.exposure === null ? `the mean count of ${response.label}` : `the rate of ${response.label}`;
      return { linear: false, what, exposed, toLine, fromLine, steepness: (mean) => 1 / mean };
    }
    default: {
      const success = response.successLevel === null ? 'success' : `${response.label} = ${response.successLevel}`;
      // The inverse of the slope of the mean, which both links have at either end.
      const steepness = (mean: number): number => {
        const eta = toLine(mean);
        const h = 1e-5 * Math.max(1, Math.abs(eta));
        return (2 * h) / (fromLine(eta + h) - fromLine(eta - h));
      };
      return { linear: false, what: `the probability of ${success}`, exposed, toLine, fromLine, steepness };
    }
  }
}
