import { normalQuantile } from '../../special/distributionFunctions.ts';
import { falsePosition } from '../../special/falsePosition.ts';
import type { SignedRoot } from './signedRoot.ts';

/** Where the profile of one parameter crosses the critical value. */
export interface ProfileInterval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Profile likelihood interval of one parameter: the values whose constrained deviance is at most the minimum plus the
 * chi-squared quantile with 1 degree of freedom. An sd ends at 0 and a correlation at -1 or 1 where the deviance does
 * not get that high.
 */
export function profileInterval({ kind, estimate, step, walk }: SignedRoot, level: number): ProfileInterval {
  const critical = normalQuantile((1 + level) / 2);
  const side = (direction: -1 | 1): number => {
    const root = walk();
    // Distance above the critical value on the scale of the signed root, nearly linear in the parameter.
    const excess = (value: number) => Math.abs(root(value)) - critical;
    if (kind === 'beta') return lineEnd(excess, estimate, direction, 1.2 * critical * step);
    return kind === 'corr' ? correlationEnd(excess, estimate, direction) : scaleEnd(excess, estimate, direction, step);
  };
  return { lower: side(-1), upper: side(1) };
}

function lineEnd(excess: (value: number) => number, estimate: number, direction: -1 | 1, first: number): number {
  let inside = estimate;
  for (let k = 0, reach = first; k < 60; k++, reach *= 1.5) {
    const outside = estimate + direction * reach;
    if (excess(outside) > 0) return crossing(excess, inside, outside);
    inside = outside;
  }
  return direction * Number.POSITIVE_INFINITY;
}

function scaleEnd(excess: (value: number) => number, estimate: number, direction: -1 | 1, first: number): number {
  let inside = estimate;
  let outside: number;
  if (direction < 0) {
    if (estimate === 0) return 0;
    outside = estimate;
    for (let k = 0; k < 12; k++) {
      outside /= 1.5;
      if (excess(outside) > 0) return crossing(excess, inside, outside);
      inside = outside;
    }
    return excess(0) <= 0 ? 0 : crossing(excess, inside, 0);
  }
  outside = estimate > 0 ? estimate * 1.25 : first;
  for (let k = 0; k < 60; k++) {
    if (excess(outside) > 0) return crossing(excess, inside, outside);
    inside = outside;
    outside *= 1.5;
  }
  return Number.POSITIVE_INFINITY;
}

function correlationEnd(excess: (value: number) => number, estimate: number, direction: -1 | 1): number {
  const onScale = (z: number) => excess(Math.tanh(z));
  let inside = Math.atanh(Math.max(-0.999999, Math.min(0.999999, estimate)));
  for (let k = 0; k < 40; k++) {
    const outside = inside + direction * 0.4;
    if (Math.abs(outside) > 8 && Math.sign(outside) === direction) return direction;
    if (onScale(outside) > 0) return Math.tanh(crossing(onScale, inside, outside));
    inside = outside;
  }
  return direction;
}

/** A zero of f between a point below and a point above it, to 1e-8 of the bracket or of f. */
function crossing(f: (value: number) => number, below: number, above: number): number {
  const width = 1e-8 * Math.abs(above - below);
  return falsePosition(
    f,
    { x: below, value: f(below) },
    { x: above, value: f(above) },
    ({ x, value }, _, other) => Math.abs(value) < 1e-8 || Math.abs(x - other) <= width,
  );
}
