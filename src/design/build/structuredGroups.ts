import { factor as factorOf } from '../../data/factor.ts';
import { ModelError } from '../../errors.ts';
import type { ResidualStructure } from '../../graph/node.ts';
import { quote } from '../../input/quote.ts';
import type { ColumnSource } from '../columns/columnSource.ts';
import type { StructuredGroups } from '../design.ts';
import { rowsInOrder } from '../rowsInOrder.ts';

/** Correlations of pairs grow as the square of the occasions: 60 have 1 770. */
const MOST_OCCASIONS = 60;

/**
 * The groups of a residual structure and the times of their rows. Rows may stand in any order and occasions may be
 * missing. Throws `residual-time` where a time is not what the structure asks for or stands twice in a group, and
 * `not-identified` where no group has two rows, or no group has both occasions of a pair.
 */
export function structuredGroups({ structure, by, time }: ResidualStructure, source: ColumnSource): StructuredGroups {
  const { levels, index } = source.factor(by);
  const { n } = source;
  const J = levels.length;
  if (n === J) {
    throw new ModelError(
      'not-identified',
      by,
      `every one of the ${J} levels of ${quote(by)} has one row, so that nothing is known of a correlation within them; ${structure} needs groups of two rows or more`,
    );
  }
  const common = { structure, factor: by, levels, J, index };
  if (time === undefined) {
    return {
      ...common,
      occasions: [],
      occasion: new Int32Array(n),
      positions: new Float64Array(1),
      step: 1,
      origin: null,
    };
  }
  const column = source.column(time);
  const { levels: occasions, index: occasion } = factorOf(column);
  const groups = rowsInOrder(index, occasion, J);
  checkOnce(groups, occasion, { time, by, occasions, levels }, source);
  const values = column.kind === 'number' ? occasions.map(Number) : null;
  if (structure === 'car1') {
    if (values === null)
      throw timeError(time, `car1 needs times that are numbers, and ${quote(time)} is text; ar1 takes occasions`);
    return { ...common, occasions, occasion, positions: Float64Array.from(values), step: 1, origin: 0 };
  }
  if (structure === 'unstructured') checkPairs(groups, occasion, { time, by, occasions });
  if (values === null || structure === 'unstructured') {
    const positions = Float64Array.from(occasions.keys());
    if (structure === 'toeplitz') checkLags(groups, occasion, positions, { time, by });
    return { ...common, occasions, occasion, positions, step: 1, origin: null };
  }
  checkWhole(structure, time, values, occasion, source);
  const step = commonStep(groups, occasion, values);
  const positions = Float64Array.from(values, (value) => (value - values[0]!) / step);
  if (structure === 'toeplitz') checkLags(groups, occasion, positions, { time, by });
  return { ...common, occasions, occasion, positions, step, origin: values[0]! };
}

interface Names {
  readonly time: string;
  readonly by: string;
  readonly occasions: readonly string[];
}

function checkOnce(
  groups: readonly Int32Array[],
  occasion: Int32Array,
  { time, by, occasions, levels }: Names & { readonly levels: readonly string[] },
  source: ColumnSource,
): void {
  groups.forEach((rows, j) => {
    const at = rows.findIndex((row, k) => k > 0 && occasion[row] === occasion[rows[k - 1]!]);
    if (at < 0) return;
    const other = source.rowName(rows[at - 1]!);
    throw timeError(
      time,
      `${source.rowName(rows[at]!)} and ${other} are both of ${by} ${quote(levels[j]!)} at ${time} ${occasions[occasion[rows[at]!]!]}; each time stands once in a group`,
    );
  });
}

/** Every pair of occasions meets in a group, so that its correlation shows. */
function checkPairs(groups: readonly Int32Array[], occasion: Int32Array, { time, by, occasions }: Names): void {
  const T = occasions.length;
  checkCount('unstructured', time, T);
  const met = new Uint8Array(T * T);
  for (const rows of groups) for (const a of rows) for (const b of rows) met[occasion[a]! * T + occasion[b]!] = 1;
  for (let s = 0; s < T; s++) {
    for (let t = 0; t < s; t++) {
      if (met[s * T + t]) continue;
      throw new ModelError(
        'not-identified',
        time,
        `no level of ${quote(by)} has rows at both ${time} ${occasions[t]} and ${time} ${occasions[s]}, so that nothing is known of their correlation; leave one out, or use ar1, cs or toeplitz`,
      );
    }
  }
}

/** Every number of steps up to the longest lies between two rows of some group. */
function checkLags(
  groups: readonly Int32Array[],
  occasion: Int32Array,
  positions: Float64Array,
  { time, by }: Pick<Names, 'time' | 'by'>,
): void {
  const position = (row: number) => positions[occasion[row]!]!;
  const longest = groups.map((rows) => (rows.length > 1 ? Math.round(position(rows.at(-1)!) - position(rows[0]!)) : 0));
  const most = longest.reduce((a, b) => Math.max(a, b), 0);
  checkCount('toeplitz', time, most + 1);
  const met = new Uint8Array(most + 1).fill(1, 0, 1);
  for (const rows of groups) for (const a of rows) for (const b of rows) met[Math.abs(position(a) - position(b))] = 1;
  const missing = met.indexOf(0);
  if (missing < 0) return;
  throw new ModelError(
    'not-identified',
    time,
    `no two rows of a level of ${quote(by)} are ${missing} ${missing === 1 ? 'step' : 'steps'} of ${quote(time)} apart, so that nothing is known of that correlation; use ar1 or cs`,
  );
}

function checkCount(structure: string, time: string, count: number): void {
  if (count <= MOST_OCCASIONS) return;
  throw timeError(
    time,
    `${structure} has a correlation for each ${structure === 'toeplitz' ? 'number of steps' : 'pair of occasions'}, and ${quote(time)} has ${count} occasions; accepted are up to ${MOST_OCCASIONS}, and ar1 or car1 take any number`,
  );
}

function checkWhole(
  structure: string,
  time: string,
  values: readonly number[],
  occasion: Int32Array,
  source: ColumnSource,
): void {
  const odd = values.findIndex((value) => !Number.isSafeInteger(value));
  if (odd < 0) return;
  const row = source.rowName(occasion.indexOf(odd));
  throw timeError(
    time,
    `${row} is at ${time} ${values[odd]}, and ${structure} counts whole steps: give times that are whole numbers, or use car1, which takes any`,
  );
}

/** The greatest common divisor of the gaps between the rows of every group. */
function commonStep(groups: readonly Int32Array[], occasion: Int32Array, values: readonly number[]): number {
  let step = 0;
  for (const rows of groups) {
    for (let k = 1; k < rows.length; k++) {
      let gap = values[occasion[rows[k]!]!]! - values[occasion[rows[k - 1]!]!]!;
      while (gap > 0) [step, gap] = [gap, step % gap];
    }
  }
  return step;
}

function timeError(time: string, sentence: string): ModelError {
  return new ModelError('residual-time', time, `${time}: ${sentence}`);
}
