import type { Design } from './design.ts';
import { numberedGroups } from './numberedGroups.ts';
import { numbersAsText } from './numbersAsText.ts';
import { sameNumberLevels } from './sameNumberLevels.ts';

/** What is to be said of columns that are accepted and may not be what was meant, a sentence each. */
export function columnNotes(design: Design): string[] {
  return [...numberedGroups(design), ...numbersAsText(design), ...sameNumberLevels(design)];
}
