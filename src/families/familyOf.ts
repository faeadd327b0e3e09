import type { Design } from '../design/design.ts';
import type { FamilyName } from '../graph/node.ts';
import { bernoulliProbit } from './bernoulliProbit.ts';
import { binomialLogit } from './binomialLogit.ts';
import type { Family } from './family.ts';
import { gaussian } from './gaussian.ts';
import { studentT } from './studentT.ts';

/** Every family by its name. */
export const families: Readonly<Record<FamilyName, Family>> = { gaussian, studentT, binomialLogit, bernoulliProbit };

/** The family of a design's response. */
export function familyOf(design: Design): Family {
  return families[design.response.family];
}
