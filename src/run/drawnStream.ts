import type { DrawnLines } from '../files/drawsLines.ts';
import { type Columns, copyColumns } from '../mcmc/columns.ts';
import type { GatheredDraws } from '../mcmc/gatheredDraws.ts';
import { keptDraws } from '../mcmc/keep.ts';
import type { Plan } from '../mcmc/plan.ts';

/** Draws gathered that are shown as they come, too. */
export interface DrawnStream extends GatheredDraws {
  /** Shows the draws that all chains but those of `failures` have reached, in order. */
  flush(failures: ReadonlyMap<number, unknown>): void;
}

interface Part {
  readonly from: number;
  readonly to: number;
  readonly columns: Columns;
}

/**
 * `gathered`, and `show` is given every draw of all variables of `chains`, in an order that does not depend on how they
 * were run: draw by draw, each of all chains. `drawn` of each, of `iterations`, are gathered before. Chains of the plan
 * record all variables, elsewhere than in `gathered` (`apart`).
 */
export function drawnStream(
  gathered: GatheredDraws,
  { variables, recorded, keep }: Plan,
  chains: readonly number[],
  { drawn, iterations: all }: { readonly drawn: number; readonly iterations: number },
  show: (draws: DrawnLines) => void,
): DrawnStream {
  const waiting = new Map<number, Part[]>(chains.map((chain) => [chain, []]));
  let shown = drawn;
  return {
    ...gathered,
    apart: true,
    take(chain, from, to, columns) {
      gathered.take(chain, from, to, columns);
      waiting.get(chain)!.push({ from, to, columns });
    },
    flush(failures) {
      const running = chains.filter((chain) => !failures.has(chain));
      const reached = Math.min(...running.map((chain) => waiting.get(chain)!.at(-1)?.to ?? shown));
      if (running.length === 0 || reached <= shown) return;
      const iterations = reached - shown;
      const values = new Float64Array(recorded.length * running.length * iterations);
      running.forEach((chain, place) => {
        const target = { values, row: running.length * iterations, at: place * iterations - shown };
        for (const { from, to, columns } of waiting.get(chain)!) {
          copyColumns(recorded.length, columns, target, Math.max(from, shown), Math.min(to, reached));
        }
        const left = waiting.get(chain)!.filter(({ to }) => to > reached);
        waiting.set(chain, left);
      });
      const from = shown;
      shown = reached;
      show({
        draws: { variables, chains: running.length, iterations, values },
        chains: running,
        from,
        total: keptDraws(keep, all),
      });
    },
  };
}
