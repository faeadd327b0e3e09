import { type Frame, tableAccount } from '../../../src/index.ts';
import type { ColumnChip } from '../protocol.ts';

const BINS = 12;

/** What the chips of a table show: kinds, histograms, which columns may be groups and which belong to the groups. */
export function columnChips(frame: Frame): ColumnChip[] {
  const account = tableAccount(frame);
  const guessed = account.columns.map(({ name, kind, levels }) => {
    const column = frame.columns.get(name);
    if (!column || levels < 3 || levels > 0.6 * frame.n) return false;
    if (kind === 'text') return true;
    // Whole numbers that come back are ids as often as they are counts: from a dozen on.
    return levels > 12 && whole(frame, name);
  });
  const grouping = account.columns.filter((_, k) => guessed[k]).sort((a, b) => b.levels - a.levels);
  return account.columns.map(({ name, kind, missing, levels, note }, k) => ({
    name,
    kind,
    missing,
    distinct: levels,
    bins: bins(frame, name),
    groups: guessed[k]!,
    constantIn: guessed[k]
      ? null
      : (grouping.find((each) => each.levels >= levels && constant(frame, name, each.name))?.name ?? null),
    numbersRows: levels === frame.n && whole(frame, name),
    note,
  }));
}

/** Whether a column is one of whole numbers. */
function whole(frame: Frame, name: string): boolean {
  const column = frame.columns.get(name);
  return column?.kind === 'number' && column.values.every((value) => Number.isInteger(value) || Number.isNaN(value));
}

function bins(frame: Frame, name: string): number[] {
  const column = frame.columns.get(name);
  if (!column) return [];
  if (column.kind === 'text') {
    const counts = new Map<string, number>();
    for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts.values()].sort((a, b) => b - a).slice(0, BINS);
  }
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const counts = new Array<number>(BINS).fill(0);
  for (const value of column.values) {
    if (Number.isNaN(value)) continue;
    counts[high > low ? Math.min(BINS - 1, Math.floor((BINS * (value - low)) / (high - low))) : 0]! += 1;
  }
  return counts;
}

/** Whether a column has one value within every group of another. */
function constant(frame: Frame, name: string, factor: string): boolean {
  const [column, by] = [frame.columns.get(name), frame.columns.get(factor)];
  if (!column || !by || name === factor) return false;
  const first = new Map<unknown, unknown>();
  for (let i = 0; i < frame.n; i += 1) {
    const group = by.values[i];
    if (!first.has(group)) first.set(group, column.values[i]);
    else if (!Object.is(first.get(group), column.values[i])) return false;
  }
  return true;
}
