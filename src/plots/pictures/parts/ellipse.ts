import type { Place } from '../../drawing/picture.ts';

/**
 * Points of the ellipse round (x, y) that holds `share` of a bivariate normal with this covariance: radius^2 = -2 log(1
 * - share).
 */
export function ellipse(
  x: number,
  y: number,
  [vx, vxy, vy]: readonly [number, number, number],
  share: number,
): Place[] {
  const radius = Math.sqrt(-2 * Math.log(1 - share));
  const a = Math.sqrt(vx);
  const b = a > 0 ? vxy / a : 0;
  const c = Math.sqrt(Math.max(0, vy - b * b));
  return Array.from({ length: 73 }, (_, i) => {
    const angle = (i * Math.PI) / 36;
    const [u, v] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    return { x: x + a * u, y: y + b * u + c * v };
  });
}
