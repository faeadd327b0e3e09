import type { Equivalent } from '../equivalent.ts';
import { NULL_EVENT, PAST_END, TOLERANCE } from './reasons.ts';

export const design: readonly Equivalent[] = [
  {
    file: 'src/design/columns/unknownColumn.ts',
    at: "const shown = names.slice(0, 20).join(', ');",
    from: '20',
    to: '21',
    why: 'how many names a message lists',
  },
  {
    file: 'src/design/fullRank.ts',
    at: 'let sum = 0;',
    from: '0',
    to: '1',
    why: 'the second pass adds the mean of what the first left: the first need not be the mean',
  },
  {
    file: 'src/design/columns/rowValues.ts',
    at: 'if (whole < least || Math.abs(value - whole) > ROUNDING * Math.max(1, whole)) {',
    from: '1',
    to: '2',
    why: TOLERANCE,
  },
  {
    file: 'src/design/fullRank.ts',
    at: 'for (let i = 0; i < n; i++) rest[i]! -= along',
    from: 'i < n',
    to: 'i <= n',
    why: PAST_END,
  },
  {
    file: 'src/design/fullRank.ts',
    at: 'if (size === 0 || norm <= CONSTANT * size) {',
    from: 'norm <= CONSTANT * size',
    to: 'norm < CONSTANT * size',
    why: NULL_EVENT,
  },
  {
    file: 'src/design/columns/termColumns.ts',
    at: 'return;',
    from: 'return;',
    to: '',
    why: 'a term without atoms has no columns to go on with',
  },
];
