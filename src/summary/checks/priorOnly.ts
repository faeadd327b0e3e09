import type { Variable } from '../../../diagnostics/chains.ts';
import { essQuantile } from '../../../diagnostics/ess.ts';
import type { Finding } from '../../../diagnostics/finding.ts';
import { quantileOfSorted } from '../../../diagnostics/quantile.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { createRng } from '../../random/rng.ts';
import { drawVariables } from '../drawVariables.ts';
import { pooledDraws } from '../pooledDraws.ts';
import { priorSample } from './priorSample.ts';

/** Draws of the priors: of a first look, which most quantities end at, and of the second. */
const FIRST = 1000;
const SECOND = 10000;
/** The stream of these draws, beyond the number of any chain. */
const STREAM = 3_000_001;
/** Kolmogorov: sqrt(n) D exceeds this with chance 2 exp(-2 x 2.036^2) = 0.0005 where the distributions are equal. */
const BOUND = 2.036;
/** Difference of distribution functions that the draws must be able to show; with fewer of them nothing is said. */
const VISIBLE = 0.1;
/** The same as effective draws. */
const VISIBLE_DRAWS = (BOUND / VISIBLE) ** 2;
/** Difference of distribution functions up to which the data say little. */
const LITTLE = 0.15;
/** Where effective draws are counted: those of the distribution function are the fewest of these. */
const PROBS = [0.1, 0.3, 0.5, 0.7, 0.9];

/**
 * A note for each parameter whose posterior is its prior, or little else, and for each sd whose ratio to sigma is so
 * while the two are not: then the data tell them together alone, as with one row a group. By the largest difference D
 * of the distribution functions of its draws and of draws of its prior (Smirnov 1948):
 * - `priorOnly` where D is what chance alone may make of it, D <= 2.036 sqrt(1 / ESS + 1 / N), ESS the fewest effective
 *   draws of the posterior's distribution function and N those of the prior. Where the two are equal the note is missed
 *   with chance 1 in 1000 (two looks); where they are twice the bound apart somewhere it is given with no greater
 *   chance.
 * - `nearPrior` where D is above that and at most 0.15: no probability of the quantity below a value differs by more.
 * Nothing is said where the draws cannot show a D of 0.1, and of a quantity without a proper prior.
 *
 * The message gives the contraction as well, 1 - (spread of posterior / spread of prior)^2 with the interquartile range
 * as spread: the prior of an sd has no finite fourth moment by default, so that its sample variance tells little.
 */
export function priorOnly(fit: Fit): Finding[] {
  const rng = createRng([1, STREAM]);
  const left = compared(fit, quantities(fit), FIRST, rng).map(({ quantity }) => quantity);
  if (left.length === 0) return [];
  const found = compared(fit, left, SECOND, rng);
  const told = new Set(found.map(({ quantity: { name } }) => name));
  return found
    .filter(({ quantity: { ratioOf } }) => ratioOf === null || !ratioOf.some((name) => told.has(name)))
    .map(finding);
}

/** A parameter, or the ratio of two. */
interface Quantity extends Variable {
  readonly ratioOf: readonly [string, string] | null;
}

interface Comparison {
  readonly quantity: Quantity;
  readonly distance: number;
  /** What chance alone makes of the distance. */
  readonly bound: number;
  readonly contraction: number;
}

/** The parameters with proper priors and the ratios of sds to sigma, with their posterior draws. */
function quantities(fit: Fit): Quantity[] {
  const names = new Set(priorSample(fit.design, fit.priors, 0, createRng([0])).keys());
  const parameters = drawVariables(fit).filter(({ name }) => names.has(name));
  const sigma = parameters.find(({ name }) => name === 'sigma');
  const sds = new Set(
    fit.design.groupTerms.flatMap(({ factor, labels }) => labels.map((label) => `tau_${factor}[${label}]`)),
  );
  const ratios = parameters.flatMap(({ name, chains }): Quantity[] => {
    if (!sigma || !sds.has(name)) return [];
    return [
      {
        name: `${name} / sigma`,
        chains: chains.map((chain, c) => Float64Array.from(chain, (tau, s) => tau / sigma.chains[c]![s]!)),
        ratioOf: [name, 'sigma'],
      },
    ];
  });
  return [...parameters.map((variable) => ({ ...variable, ratioOf: null })), ...ratios];
}

/** The quantities that are not told from their priors, or hardly, by so many draws of these. */
function compared(
  fit: Fit,
  asked: readonly Quantity[],
  count: number,
  rng: ReturnType<typeof createRng>,
): Comparison[] {
  const sample = priorSample(fit.design, fit.priors, count, rng);
  return asked.flatMap((quantity) => {
    const { name, chains, ratioOf } = quantity;
    const prior = (
      ratioOf ? ratio(sample.get(ratioOf[0])!, sample.get(ratioOf[1])!) : sample.get(name)!.slice()
    ).sort();
    const draws = pooledDraws(quantity).sort();
    const distance = smirnov(draws, prior);
    if (distance > LITTLE + BOUND * Math.sqrt(1 / VISIBLE_DRAWS + 1 / count)) return [];
    // No number of effective draws is above that of the draws here: antithetic chains tell as much of the whole as
    // independent ones.
    const effective = Math.min(draws.length, ...PROBS.map((p) => essQuantile(chains, p)));
    const bound = BOUND * Math.sqrt(1 / effective + 1 / count);
    if (!(effective >= VISIBLE_DRAWS && distance <= Math.max(bound, count < SECOND ? LITTLE + bound : LITTLE)))
      return [];
    const share = spread(draws) / spread(prior);
    return [{ quantity, distance, bound, contraction: 1 - share * share }];
  });
}

function ratio(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, s) => value / b[s]!);
}

/** The largest difference of the empirical distribution functions of two sorted samples. */
function smirnov(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! === x) i += 1;
    while (j < b.length && b[j]! === x) j += 1;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

function spread(sorted: Float64Array): number {
  return quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25);
}

function finding({ quantity: { name, ratioOf }, distance, bound, contraction }: Comparison): Finding {
  const equal = distance <= bound;
  const told = `(contraction of its spread ${short(contraction)}; 1 would be all of it)`;
  const together = ratioOf ? ` The data tell of ${ratioOf.join(' and ')} together, and hardly of each apart.` : '';
  const next = ratioOf
    ? ' Report neither by itself, give one of them a prior that is known to hold, or bring groups with more rows.'
    : ' What is printed of it is what its prior says: report it so, try other priors, or leave it out of the model.';
  return {
    variable: name,
    code: equal ? 'priorOnly' : 'nearPrior',
    severity: 'note',
    message:
      (equal
        ? `${name}: its posterior is its prior as far as these draws tell: their distribution functions differ by at most ${short(distance)}, and chance alone ` +
          `makes up to ${short(bound)} (in 999 of 1000 cases) ${told}.`
        : `${name}: the data say little of it: no probability that it is below a value differs by more than ${short(distance)} between its prior and its ` +
          `posterior, at most ${LITTLE} ${told}.`) +
      together +
      next,
    value: distance,
    threshold: equal ? bound : LITTLE,
  };
}

/** Two significant digits. */
function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
