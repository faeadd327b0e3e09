import type { Design } from '../../design/design.ts';
import { kindOf } from '../../families/familyOf.ts';
import { type ResponseKind, unknownKind } from '../../families/responseKind.ts';
import type { GroupEstimates } from '../maximumLikelihoodFit.ts';

/**
 * A sd on the link scale beyond which the mean is at one end of its range, or beyond all that is counted, in nearly
 * every level.
 */
const LARGE = 20;

/** Two deviances that differ by more than this are two answers: a tenth of what a 68% interval is made of. */
const POOR = 0.1;

/** Quadrature again with so many more points, to see what the points given leave out. */
export function finerPoints(points: number): number {
  return 4 * points + 5;
}

/**
 * What is said of the approximation of the likelihood: a sd so large that neither Laplace's approximation nor a few
 * points follow the integral, and a quadrature whose deviance at the estimate is another with more points. `finer` is
 * that deviance, null for Laplace's approximation.
 */
export function approximationMessages(
  design: Design,
  groups: readonly GroupEstimates[],
  deviance: number,
  points: number,
  finer: number | null,
): string[] {
  const messages: string[] = [];
  design.groupTerms.forEach(({ factor, labels, q, Z }, f) => {
    labels.forEach((label, k) => {
      let square = 0;
      for (let i = 0; i < design.n; i++) square += Z[i * q + k]! ** 2 / design.n;
      const sd = groups[f]!.tau[k]! * Math.sqrt(square);
      if (!(sd > LARGE)) return;
      messages.push(
        `tau_${factor}[${label}] is ${groups[f]!.tau[k]!.toPrecision(3)} on the link scale: nearly every level ${farLevels(kindOf(design))}, where the likelihood hardly tells one large sd from another; this is no measure of how much they vary`,
      );
    });
  });
  if (finer !== null && Math.abs(finer - deviance) > POOR) {
    messages.push(
      `${points} quadrature points are too few: with ${finerPoints(points)} the deviance at these estimates is ${finer.toFixed(2)} instead of ${deviance.toFixed(2)}; fit with more points`,
    );
  }
  return messages;
}

/** Where levels with so large a sd are, in words. */
function farLevels(kind: ResponseKind): string {
  switch (kind) {
    case 'successes':
      return 'is at a chance of 0 or of 1';
    case 'counts':
      return 'has a rate of 0 or one beyond all counts';
    case 'ordered':
      return 'is at the lowest level or at the highest';
    case 'numbers':
      return 'is far from all numbers';
    default:
      return unknownKind(kind);
  }
}
