import type { Design, GroupTerm } from '../design/design.ts';
import { observations } from '../design/observations.ts';
import { toUser } from '../products/coordinates.ts';
import type { CrossProducts } from '../products/crossProducts.ts';
import { residualRounding } from '../products/residualRounding.ts';
import { spanFit } from '../products/spanFit.ts';
import { type KeptDirections, keptDirections } from './keptDirections.ts';
import { powerAtZero } from './powerAtZero.ts';
import type { MovingPriors } from './priors.ts';

/** How the posterior of sigma behaves at 0. */
export interface ResidualScaleExponent {
  /**
   * p(sigma | y) ~ sigma^(exponent - 1) at 0: of finite integral only where it is above 0. Infinity where it falls
   * faster than any power.
   */
  readonly exponent: number;
  /** The sds that go to 0 together with sigma where most of that mass is; none where they stay. */
  readonly dropped: readonly string[];
  /** Rank of the columns that fit the response there; n where nothing does. */
  readonly rank: number;
}

/** Combinations of directions that are looked at, and multiplications spent on them all. */
const MOST = 256;
const BUDGET = 1e9;

/**
 * The power of sigma at 0 in its posterior, u, beta and the covariances integrated out.
 *
 * Let the covariances of Z_f u_f in the directions V_f stay where they are while sigma goes to 0, and let those in all
 * others go with it, Sigma = O(sigma^2). With r the rank of [X, Z V], n - r contrasts of y are orthogonal to those
 * columns, with variances O(sigma^2): their density is of the order sigma^-(n - r) exp(-c / sigma^2), and the density
 * of the rest has a finite, positive limit (flat coefficients integrate to a constant, those with a normal prior have a
 * variance that stays). c = 0 only where y lies in the span. So near there
 *   p(y, sigma) ~ sigma^(k + gain - (n - r)),
 * k the power of the prior of sigma at 0 and gain that of the prior mass of such covariances (`keptDirections`). In
 * between (a variance of sigma^a, 0 < a < 2) the logarithm of density times volume is linear in a, so that one of the
 * ends is largest. The exponent is the least of 1 + k + gain - (n - r) over all V whose columns fit y. Saturated (r =
 * n) it is 1 + k and the posterior is proper; one contrast left, as by two equal rows in a cell, makes it 1/sigma under
 * a prior that is positive at 0. Student-t rows are normal given their mixing variables, and r does not depend on the
 * weights.
 *
 * Checked against quadrature of the likelihood. Other directions than those of `keptDirections` are not looked at, nor
 * are designs for which `spanFit` would take too long, save that fewer columns than rows leave a contrast: a smaller
 * exponent may be missed, none is made up.
 */
export function residualScaleExponent(
  design: Design,
  products: CrossProducts,
  priors: MovingPriors,
): ResidualScaleExponent {
  const { p, groupTerms } = design;
  const n = observations(design);
  const none: ResidualScaleExponent = { exponent: Infinity, dropped: [], rank: n };
  const power = priors.sigma ? powerAtZero(priors.sigma) : null;
  if (power === null || products.rss > residualRounding(design)) return none;

  const options = groupTerms.flatMap((term, f) => {
    const u = deviations(term, f, products);
    return term.blocks.map((block, b) => {
      const own = new Float64Array(term.J * block.size);
      for (let j = 0; j < term.J; j += 1) {
        for (let k = 0; k < block.size; k += 1) own[j * block.size + k] = u[j * term.q + block.start + k]!;
      }
      return keptDirections(term, block, priors.groups[f]![b]!, own);
    });
  });
  let least = none;
  let known = false;
  const chosen = options.map(() => 0);
  const count = options.reduce((product, each) => Math.min(MOST, product * each.length), 1);
  for (let tried = 0; tried < count; tried += 1) {
    const kept = options.map((each, b) => each[chosen[b]!]!);
    const found = spanFit(design, directionsOf(groupTerms, kept), BUDGET / count);
    if (found !== null) known = true;
    if (found?.fits) {
      const gain = kept.reduce((sum, each) => sum + each.gain, 0);
      const exponent = 1 + power + gain - (n - found.rank);
      const dropped = kept.flatMap((each) => each.dropped);
      if (exponent < least.exponent) least = { exponent, dropped, rank: found.rank };
    }
    if (!next(chosen, options)) break;
  }
  if (known) return least;
  const columns = groupTerms.reduce(
    (sum, { counts, q }) => sum + counts.reduce((part, count) => part + Math.min(count, q), 0),
    p,
  );
  return columns < n ? { exponent: 1 + power - (n - columns), dropped: [], rank: columns } : none;
}

/** The next combination, like a counter; false after the last. */
function next(chosen: number[], options: readonly (readonly KeptDirections[])[]): boolean {
  for (let b = 0; b < chosen.length; b += 1) {
    chosen[b] = chosen[b]! + 1;
    if (chosen[b]! < options[b]!.length) return true;
    chosen[b] = 0;
  }
  return false;
}

/**
 * The directions of each factor (q x s, row-major) from those of its blocks, `kept` running over the blocks of all
 * factors.
 */
function directionsOf(terms: readonly GroupTerm[], kept: readonly KeptDirections[]): Float64Array[] {
  let at = 0;
  return terms.map(({ q, blocks }) => {
    const own = blocks.map((block, b) => ({ block, V: kept[at + b]!.V }));
    at += blocks.length;
    const width = own.reduce((sum, { block, V }) => sum + V.length / block.size, 0);
    const out = new Float64Array(q * width);
    let from = 0;
    for (const { block, V } of own) {
      const s = V.length / block.size;
      for (let k = 0; k < block.size; k += 1) {
        for (let a = 0; a < s; a += 1) out[(block.start + k) * width + from + a] = V[k * s + a]!;
      }
      from += s;
    }
    return out;
  });
}

/**
 * The coefficients of the reference fit of a factor about their level-2 line, by least squares on a constant and W: J x
 * q, user coordinates. A line that X cannot take is taken off too: what columns have in common stays in what is left,
 * and whether such directions fit y is looked at afterwards.
 */
function deviations(term: GroupTerm, f: number, products: CrossProducts): Float64Array {
  const { J, q, level2 } = term;
  const u = products.reference.slice(products.borderOffsets[f]!, products.borderOffsets[f]! + J * q);
  toUser(products.coordinates.groups[f]!, u, 0, J);
  const basis = [new Float64Array(J).fill(1 / Math.sqrt(J))];
  for (let l = 0; l < level2.m; l += 1) {
    const column = Float64Array.from({ length: J }, (_, j) => level2.W[j * level2.m + l]!);
    const whole = norm(column);
    takeOff(basis, column, 1, 0);
    const left = norm(column);
    if (left > 1e-9 * whole) basis.push(column.map((value) => value / left));
  }
  for (let k = 0; k < q; k += 1) takeOff(basis, u, q, k);
  return u;
}

function norm(values: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < values.length; j += 1) sum += values[j]! * values[j]!;
  return Math.sqrt(sum);
}

/** Takes off the column at `offset` of a row-major array of this width what it has along the unit vectors, twice. */
function takeOff(basis: readonly Float64Array[], values: Float64Array, width: number, offset: number): void {
  for (let pass = 0; pass < 2; pass += 1) {
    for (const direction of basis) {
      let along = 0;
      for (let j = 0; j < direction.length; j += 1) along += direction[j]! * values[j * width + offset]!;
      for (let j = 0; j < direction.length; j += 1) {
        values[j * width + offset] = values[j * width + offset]! - along * direction[j]!;
      }
    }
  }
}
