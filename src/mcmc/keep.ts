import { ModelError } from '../errors.ts';
import type { AcceptedValue } from '../input/acceptedValue.ts';
import { positiveNumber, wholeNumber } from '../input/acceptedValue.ts';
import type { OptionTable } from '../input/checkOptions.ts';
import { quote } from '../input/quote.ts';
import type { Variable } from './draws.ts';

/** What is kept of deviations: their draws, running summaries of them (`ChainSummary`), or nothing. */
export type Kept = 'draws' | 'summary' | false;

/** What is kept of what the chains draw; none of it changes a draw. */
export interface KeepOptions {
  /**
   * What is kept of the deviations of a grouping factor, by the name of the variable, `{ u_county: 'summary' }`: their
   * draws (default), running means, covariances and quantiles, of which `ranef`, `coef`, `shrinkage` and `summarize`
   * make their answers, or nothing (false). Predictions of new groups need none of them.
   */
  readonly keep?: Readonly<Record<string, Kept>>;
  /** Of the iterations after warm-up every so many-th is kept; default 1, all of them. Summaries are of all. */
  readonly thin?: number;
  /**
   * GB (1e9 bytes) that what is kept may take, before anything is sampled. Default: half of the memory in Node, 2 GB or
   * a quarter of the memory in a page; `sampleSync` knows of none.
   */
  readonly memory?: number;
}

const record: AcceptedValue = {
  words: "an object such as { u_county: 'summary' }",
  accepts: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

export const KEEP_OPTIONS: OptionTable<KeepOptions> = {
  keep: record,
  thin: wholeNumber(1, 1e7),
  memory: positiveNumber,
};

/** What a plan keeps of the draws. */
export interface Keep {
  readonly thin: number;
  /** Variables of which there are no draws. */
  readonly without: Readonly<Record<string, 'summary' | false>>;
}

export const KEEP_ALL: Keep = { thin: 1, without: {} };

/**
 * The options on variables of a model. Throws `unknown-variable` for a name that is none of the deviations of a
 * grouping factor, and `option` for what cannot be kept.
 */
export function keepOf(variables: readonly Variable[], { keep = {}, thin = 1 }: KeepOptions): Keep {
  const names = variables.flatMap(({ name }) => (name.startsWith('u_') ? [name] : []));
  const without = Object.entries(keep).flatMap(([name, kept]): [string, 'summary' | false][] => {
    if (!names.includes(name)) {
      const accepted = names.length > 0 ? `accepted are ${names.join(', ')}` : 'this model has none';
      throw new ModelError(
        'unknown-variable',
        'keep',
        `keep: ${quote(name)} is no variable of deviations, of which alone the draws can be left out; ${accepted}`,
      );
    }
    if (kept !== 'draws' && kept !== 'summary' && kept !== false) {
      throw new ModelError(
        'option',
        'keep',
        `keep: got ${quote(kept)} for ${name}; accepted is 'draws', 'summary' or false`,
      );
    }
    return kept === 'draws' ? [] : [[name, kept]];
  });
  return { thin, without: Object.fromEntries(without) };
}

/** The variables of which draws are kept, one after the other, and where each of their scalars is among all. */
export function keptVariables(
  variables: readonly Variable[],
  { without }: Keep,
): { readonly variables: readonly Variable[]; readonly scalars: Int32Array } {
  const scalars: number[] = [];
  const kept = variables.flatMap((variable): Variable[] => {
    if (Object.hasOwn(without, variable.name)) return [];
    const { offset, size } = variable;
    const own = scalars.length;
    for (let i = 0; i < size; i += 1) scalars.push(offset + i);
    return [{ ...variable, offset: own }];
  });
  return { variables: kept, scalars: Int32Array.from(scalars) };
}

/** How many of `iterations` after warm-up are kept: each `thin`-th. */
export function keptDraws({ thin }: Keep, iterations: number): number {
  return Math.floor(iterations / thin);
}
