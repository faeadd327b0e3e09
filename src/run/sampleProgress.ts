/** How far sampling has come. */
export interface SampleProgress {
  /** `preparing`: what all chains share is fitted (proposals of the kernels), before the first iteration. */
  readonly phase: 'preparing' | 'warmup' | 'sampling';
  readonly chains: number;
  /** Iterations done, summed over chains, warm-up included; of `total`. */
  readonly done: number;
  readonly total: number;
  /** Estimated seconds to the end, at the pace so far; null before there is one. */
  readonly secondsLeft: number | null;
}
