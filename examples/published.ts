import { table } from '../src/report/table.ts';

/** A number of a published analysis, or the truth of a simulation, beside ours. */
export interface Comparison {
  readonly what: string;
  /** As printed: `'1.4628'` says by its digits how near ours has to be. */
  readonly published: string;
  readonly ours: number;
  /** How far ours may lie from it where the digits do not say: a truth that was simulated from, or a posterior beside an estimate. */
  readonly within?: number;
  /** Why ours differs from what was printed, where it does and should: printed, and no fault. */
  readonly because?: string;
}

/**
 * Prints published numbers, ours and the differences under a title. A number agrees when it rounds to what was printed (or the one beside it in the last
 * digit's half unit, as two programs round), or lies `within`; one that does not, and has no `because`, ends the program with status 1.
 */
export function published(title: string, comparisons: readonly Comparison[]): void {
  const judged = comparisons.map((comparison) => {
    const { published: printed, ours, within } = comparison;
    const decimals = printed.split('.')[1]?.length ?? 0;
    const allowed = within ?? 0.501 * 10 ** -decimals;
    const difference = ours - Number(printed);
    return {
      ...comparison,
      decimals: decimals + (within === undefined ? 1 : 0),
      allowed,
      difference,
      agrees: Math.abs(difference) <= allowed,
    };
  });
  const column = (title: string, cells: readonly string[]) => ({ title, cells });
  console.log(`\n${title}\n`);
  console.log(
    table([
      { title: '', cells: judged.map(({ what }) => what), align: 'left' },
      column(
        'published',
        judged.map(({ published: printed }) => printed),
      ),
      column(
        'ours',
        judged.map(({ ours, decimals }) => ours.toFixed(decimals)),
      ),
      column(
        'difference',
        judged.map(({ difference }) => (difference === 0 ? '0' : difference.toExponential(0))),
      ),
      column(
        'allowed',
        judged.map(({ allowed }) => allowed.toPrecision(1)),
      ),
      {
        title: '',
        cells: judged.map(({ agrees, because }) => (agrees ? '' : because ? 'see below' : 'DIFFERS')),
        align: 'left',
      },
    ]),
  );
  for (const { what, because, agrees } of judged) if (because && !agrees) console.log(`\n${what}: ${because}`);
  if (judged.some(({ agrees, because }) => !agrees && !because)) process.exitCode = 1;
}
