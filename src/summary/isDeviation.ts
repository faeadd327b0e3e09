import type { Design } from '../design/design.ts';

/** Whether a variable holds what groups depart by, of which there are as many as groups: `u_g`, or `delta_g` of sds. */
export function isDeviation({ residual }: Pick<Design, 'residual'>, name: string): boolean {
  return name.startsWith('u_') || name === `delta_${residual?.sigmaGroups?.factor}`;
}
