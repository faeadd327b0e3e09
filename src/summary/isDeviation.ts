import type { Design } from '../design/design.ts';

/**
 * Whether a variable, or a scalar of one, holds what groups depart by: `u_g`, or `delta_g` of their sds. There are as
 * many of those as groups.
 */
export function isDeviation({ residual }: Pick<Design, 'residual'>, name: string): boolean {
  const own = `delta_${residual?.sigmaGroups?.factor}`;
  return name.startsWith('u_') || name === own || name.startsWith(`${own}[`);
}
