import { ModelError } from '../../errors.ts';

/** A picture that does not apply to this fit: why, and what to draw instead. */
export function pictureError(place: string, why: string, instead: string): ModelError {
  return new ModelError('no-picture', place, `${place}: ${why}; draw ${instead} instead`);
}
