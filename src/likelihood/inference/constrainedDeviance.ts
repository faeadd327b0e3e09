import { product, transpose } from '../../linalg/smallMatrix.ts';
import type { ProfiledDeviance } from '../gaussian/profiledDeviance.ts';
import { lowerFactor, type SearchBlock } from '../relativeFactor.ts';
import type { Objective } from '../search/optimize.ts';
import { diagonalPlaces, lowestFrom } from './lowestFrom.ts';
import type { GaussianParameter } from './varianceParameter.ts';

/** The deviance with one variance parameter held at a value and all others at their best: what a profile is made of. */
export interface ConstrainedDeviance {
  /** The minimum given that the parameter is `value`; starts where the last call ended. */
  at(value: number): number;
}

/** A deviance as a constrained search needs it. */
export interface HeldCriterion
  extends Pick<ProfiledDeviance, 'factors' | 'unit' | 'divisor' | 'at' | 'search' | 'derivative'> {
  readonly system: { readonly r2: number };
  /**
   * Coordinates that are searched beside the covariances, last among the search coordinates and 0 at the estimates, and
   * the derivative by them at the last evaluation.
   */
  readonly beside?: { readonly size: number; gradient(out: Float64Array, sigma?: number): void };
}

/**
 * The constrained deviance of one variance parameter, from the fitted factors `lambdas` (user scale) and sigma. For an
 * sd or a correlation the rows of its block are reordered so that the parameter's terms come first, where it is one
 * entry of the lower factor: tau = sigma s L_11; for a correlation rho row 2 is m (rho, sqrt(1 - rho^2)). The other
 * entries, and sigma where it does not profile out, are free; of a correlation L_11 and m by their logarithms, since
 * with one of them negative the correlation would be -rho. Where one of its sds is 0 a correlation may have any value,
 * so that its deviance is nowhere above those two.
 */
export function constrainedDeviance(
  profiled: HeldCriterion,
  parameter: GaussianParameter,
  lambdas: readonly Float64Array[],
  sigma: number | null,
): ConstrainedDeviance {
  if (parameter.kind === 'sigma') return fixedSigma(profiled, lambdas);
  const { factors } = profiled;
  const { factor, k } = parameter;
  const block = factors.blocks.find((b) => b.factor === factor && k >= b.start && k < b.start + b.size)!;
  const first = parameter.kind === 'corr' ? [k, parameter.l] : [k];
  const inside = Array.from({ length: block.size }, (_, a) => block.start + a);
  const order = [...first, ...inside.filter((a) => !first.includes(a))].map((a) => a - block.start);
  const free = freeEntries(block.size, parameter.kind);
  const others = factors.blocks.filter((b) => b !== block);
  // Free: the entries of the reordered block, the other blocks in search coordinates, what is beside the covariances,
  // log sigma where the parameter is an sd beside it.
  const withSigma = parameter.kind === 'tau' && sigma !== null;
  const search = factors.toSearch(lambdas);
  const beside = new Float64Array(profiled.beside?.size ?? 0);
  const scale = order.map((a) => block.basis[a * block.size + a]!);
  const L = reordered(lambdas[factor]!, block, order, scale);
  const isLog = (a: number): boolean => parameter.kind === 'corr' && a < 2;
  const start = [
    ...free.map(([a, b]) =>
      isLog(a) ? Math.log(Math.hypot(L[a * block.size]!, L[a * block.size + 1]!)) : L[a * block.size + b]!,
    ),
    ...others.flatMap((b) => Array.from(search.subarray(b.offset, b.offset + (b.size * (b.size + 1)) / 2))),
    ...new Float64Array(beside.length),
    ...(withSigma ? [Math.log(sigma)] : []),
  ];
  let last: Float64Array = Float64Array.from(start);
  const diagonal = [...free.flatMap(([a, b], i) => (a === b ? [i] : [])), ...diagonalPlaces(others, free.length)];
  const full = new Float64Array(factors.size);
  const gradient = new Float64Array(factors.size);
  const covariances = factors.size - beside.length;

  const objective =
    (value: number): Objective =>
    (z, slope) => {
      const s = withSigma ? Math.exp(z[z.length - 1]!) : undefined;
      const lower = new Float64Array(block.size * block.size);
      free.forEach(([a, b], i) => {
        lower[a * block.size + b] = isLog(a) ? Math.exp(z[i]!) : z[i]!;
      });
      const length = lower[block.size + 1]!;
      if (parameter.kind === 'tau') lower[0] = value / ((s ?? 1) * scale[0]!);
      else {
        lower[block.size] = length * value;
        lower[block.size + 1] = length * Math.sqrt(1 - value * value);
      }
      let next = free.length;
      for (const b of others) {
        for (let i = 0; i < (b.size * (b.size + 1)) / 2; i++) full[b.offset + i] = z[next++]!;
      }
      for (let i = 0; i < beside.length; i++) full[covariances + i] = z[next++]!;
      const user = factors.fromSearch(full);
      putBlock(user[factor]!, block, order, scale, lower);
      const deviance = profiled.at(user, s);
      if (!Number.isFinite(deviance)) return deviance;
      const derivatives = profiled.derivative(s);
      factors.gradient(full, derivatives, gradient);
      next = free.length;
      for (const b of others) {
        for (let i = 0; i < (b.size * (b.size + 1)) / 2; i++) slope[next++] = gradient[b.offset + i]!;
      }
      profiled.beside?.gradient(beside, s);
      for (let i = 0; i < beside.length; i++) slope[next++] = beside[i]!;
      const G = blockGradient(profiled, block, derivatives[factor]!, lower, order, scale);
      free.forEach(([a, b], i) => {
        slope[i] = G[a * block.size + b]!;
      });
      if (parameter.kind === 'corr') {
        slope[0] = lower[0]! * G[0]!;
        slope[1] = length * (value * G[block.size]! + Math.sqrt(1 - value * value) * G[block.size + 1]!);
      }
      if (s !== undefined) {
        slope[z.length - 1] = 2 * profiled.divisor - (2 * profiled.system.r2) / (s * s) - lower[0]! * G[0]!;
      }
      return deviance;
    };
  let without: number | undefined;
  return {
    at(value) {
      const found = lowestFrom(objective(value), last, diagonal, profiled.unit, { tolerance: 1e-8 });
      if (Number.isFinite(found.value)) last = found.x;
      if (parameter.kind !== 'corr') return found.value;
      without ??= Math.min(
        ...[k, parameter.l].map((sd) => {
          const tau = { kind: 'tau', name: parameter.name, estimate: 0, factor, k: sd } as const;
          return constrainedDeviance(profiled, tau, lambdas, sigma).at(0);
        }),
      );
      return found.value < without ? found.value : without;
    },
  };
}

function fixedSigma(profiled: HeldCriterion, lambdas: readonly Float64Array[]): ConstrainedDeviance {
  let last: Float64Array = profiled.factors.toSearch(lambdas);
  const diagonal = diagonalPlaces(profiled.factors.blocks);
  return {
    at(value) {
      const objective: Objective = (x, gradient) => profiled.search(x, gradient, value);
      const found = lowestFrom(objective, last, diagonal, profiled.unit, { tolerance: 1e-8 });
      last = found.x;
      return found.value;
    },
  };
}

/**
 * Entries of the reordered lower factor that stay free; of a correlation's second row only its length, kept at (1, 1).
 */
function freeEntries(size: number, kind: 'tau' | 'corr'): [number, number][] {
  const entries: [number, number][] = [];
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      if (kind === 'tau' ? a > 0 : !(a === 1 && b === 0)) entries.push([a, b]);
    }
  }
  return entries;
}

/** Lower factor of the block with its rows in the given order, each divided by its scale. */
function reordered(
  lambda: Float64Array,
  block: SearchBlock,
  order: readonly number[],
  scale: readonly number[],
): Float64Array {
  const { size, start } = block;
  const q = Math.round(Math.sqrt(lambda.length));
  const rows = new Float64Array(size * size);
  order.forEach((from, a) => {
    for (let b = 0; b < size; b++) rows[a * size + b] = lambda[(start + from) * q + start + b]! / scale[a]!;
  });
  return lowerFactor(rows, size, size);
}

function putBlock(
  lambda: Float64Array,
  block: SearchBlock,
  order: readonly number[],
  scale: readonly number[],
  lower: Float64Array,
): void {
  const { size, start } = block;
  const q = Math.round(Math.sqrt(lambda.length));
  order.forEach((to, a) => {
    for (let b = 0; b < size; b++) lambda[(start + to) * q + start + b] = scale[a]! * lower[a * size + b]!;
  });
}

/** Derivative of the deviance by the entries of the reordered lower factor, size x size. */
function blockGradient(
  profiled: HeldCriterion,
  block: SearchBlock,
  derivative: Float64Array,
  lower: Float64Array,
  order: readonly number[],
  scale: readonly number[],
): Float64Array {
  const { size, basisInverse } = block;
  const K = profiled.factors.blockDerivative(block, derivative);
  // On the user's scale D = B^-T K B^-1; rows in order and scaled.
  const D = product(transpose(basisInverse, size), product(K, basisInverse, size), size);
  const ordered = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) ordered[a * size + b] = 2 * scale[a]! * scale[b]! * D[order[a]! * size + order[b]!]!;
  }
  return product(ordered, lower, size);
}
