import { createRng } from '../../src/random/rng.ts';
import { equalCountsZ } from '../oracle/goodnessOfFit.ts';
import { type Comparison, distributionComparison, meanComparison } from '../oracle/polyaGammaComparisons.ts';

/** Chains whose first draws are compared, at most. */
const CHAINS = 200_000;

/** Whether uniforms pair evenly: a 40 x 40 grid. */
function pairs(): { add(u: number, v: number): void; comparison(): Comparison } {
  const counts = new Float64Array(1600);
  return {
    add(u, v) {
      counts[Math.floor(40 * u) * 40 + Math.floor(40 * v)]! += 1;
    },
    comparison: () => meanComparison('grid', equalCountsZ(counts)),
  };
}

/** Two streams against each other at equal places: products of normals and of their squares, pairs of uniforms. */
function between(first: readonly number[], second: readonly number[], draws: number): Comparison[] {
  const one = createRng(first);
  const other = createRng(second);
  const grid = pairs();
  let values = 0;
  let sizes = 0;
  for (let i = 0; i < draws; i++) {
    grid.add(one.uniform(), other.uniform());
    const x = one.normal();
    const y = other.normal();
    values += x * y;
    sizes += (x * x - 1) * (y * y - 1);
  }
  return [
    meanComparison('values', values / Math.sqrt(draws)),
    meanComparison('sizes', sizes / (2 * Math.sqrt(draws))),
    grid.comparison(),
  ];
}

/** The first draws of many streams: their distribution, and each with that of the next stream. */
function acrossStarts(seedOf: (c: number) => readonly number[], chains: number): Comparison[] {
  const uniforms = new Float64Array(chains);
  const grid = pairs();
  let product = 0;
  let before = 0;
  for (let c = 0; c < chains; c++) {
    const rng = createRng(seedOf(c));
    const u = rng.uniform();
    const z = rng.normal();
    uniforms[c] = u;
    if (c > 0) {
      grid.add(uniforms[c - 1]!, u);
      product += before * z;
    }
    before = z;
  }
  return [
    distributionComparison(uniforms, (x) => x),
    meanComparison('neighbours', product / Math.sqrt(chains - 1)),
    grid.comparison(),
  ];
}

/**
 * The streams of chains against each other, whose seeds differ by their last number, and those of neighbouring seeds.
 */
export function streamComparisons(
  seed: number,
  draws: number,
): { readonly name: string; readonly comparisons: readonly Comparison[] }[] {
  const chains = Math.min(draws, CHAINS);
  const couples = [
    [seed, 0, seed, 1],
    [seed, 1, seed, 2],
    [seed, 0, seed, 3],
    [seed, 0, seed + 1, 0],
    [0, 0, 0, 1],
  ] as const;
  return [
    ...couples.map(([a, b, c, d]) => ({
      name: `[${a},${b}] and [${c},${d}]`,
      comparisons: between([a, b], [c, d], draws),
    })),
    { name: 'first draws of chains 0, 1, ...', comparisons: acrossStarts((c) => [seed, c], chains) },
    { name: 'first draws of seeds 1, 2, ...', comparisons: acrossStarts((c) => [1 + c, 0], chains) },
  ];
}
