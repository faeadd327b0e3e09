import { ModelError } from '../errors.ts';

/** Points that are drawn before the highest one known is tried. */
const DRAWS = 100;

/**
 * The first point of a chain: `attempt` is called for up to 100 points drawn from a kernel's proposal, then once for
 * the highest point its fit has found (`last`), and says whether the posterior has a finite, positive density there;
 * the first such point is the chain's. Throws `no-start` where there is none, `name` the kernel: a chain that went on
 * from a point of density 0 would stay there.
 */
export function firstPoint(name: string, attempt: (last: boolean) => boolean): void {
  for (let draw = 0; draw < DRAWS; draw += 1) if (attempt(false)) return;
  if (attempt(true)) return;
  throw new ModelError(
    'no-start',
    name,
    `kernel ${name} has no point to start from: at ${DRAWS} points drawn from its proposal and at the highest point that was found the posterior density is 0 or ` +
      'not finite; the likelihood lies where the priors are 0 or nearly so: widen priors with bounds (uniform) and very narrow ones, or name ' +
      'another rule in kernels',
  );
}
