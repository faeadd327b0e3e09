import { exp, log } from '../elementary.ts';
import { createRng } from '../random/rng.ts';
import type { CellTable } from './cellTable.ts';
import type { WhitenedFactor, WhitenedMap } from './whitenedMap.ts';

/** Evaluations of cells that one height may cost; below two pairs of points for the border none is taken. */
const BUDGET = 2e6;
const MOST_PAIRS = 16;

/** Gauss-Hermite nodes and weights for a standard normal: 12, 6 and 4 points to a coordinate for q = 1, 2 and 3. */
const RULES: Readonly<Record<number, { readonly nodes: readonly number[]; readonly weights: readonly number[] }>> = {
  1: {
    nodes: [
      0.44440300194413895, 1.3403751971516167, 2.2594644510007993, 3.22370982877009, 4.271825847932281,
      5.500901704467748,
    ],
    weights: [
      0.3216643615128302, 0.14696704804533, 0.02911668791236414, 0.0022033806875332, 4.837184922590667e-5,
      1.4999271676371695e-7,
    ],
  },
  2: {
    nodes: [0.6167065901925942, 1.889175877753711, 3.324257433552119],
    weights: [0.4088284695560292, 0.0886157460419145, 0.0025557844020562465],
  },
  3: {
    nodes: [0.7419637843027259, 2.3344142183389773],
    weights: [0.4541241452319315, 0.04587585476806849],
  },
};

/**
 * The log marginal likelihood of the covariances a factor stands at, beyond a given approximation `plain` of it: given the border's xi every block is integrated
 * by a Gauss-Hermite product rule in its own xi, and the border by importance sampling over antithetic normal points of a fixed stream, the same
 * for every factor. 0 where q exceeds 3 or the cells are so many that it would cost more than it gains.
 */
export function marginalHeight(
  table: CellTable,
  map: WhitenedMap,
): { height(factor: WhitenedFactor, plain: number): number } {
  const { J, q, n, layout } = table;
  const { size, pattern } = layout;
  const tail = size - pattern.r;
  const rule = productRule(q);
  const pairs = Math.min(MOST_PAIRS, Math.floor(BUDGET / (2 * (n + J) * Math.max(1, rule.weights.length))));
  const place = map.allocatePlace();
  const xi = new Float64Array(size);
  const points = new Float64Array(Math.max(0, pairs) * pattern.r);
  const stream = createRng([3]);
  for (let k = 0; k < points.length; k += 1) points[k] = stream.normal();
  const trial = new Float64Array(q);
  const values = new Float64Array(rule.weights.length);
  return {
    height(factor, plain) {
      if (pairs < 2 || q === 0 || q > 3) return 0;
      const logs: number[] = [];
      for (let pair = 0; pair < pairs; pair += 1) {
        for (const sign of [1, -1]) {
          let value = factor.logBase;
          for (let k = 0; k < pattern.r; k += 1) {
            const point = sign * points[pair * pattern.r + k]!;
            xi[tail + k] = point;
            value += 0.5 * point * point;
          }
          map.placeBorder(factor, place, xi);
          value += place.border;
          for (let j = 0; j < J; j += 1) {
            for (let k = 0; k < values.length; k += 1) {
              values[k] = map.block(factor, place, j, rule.points, k * q, trial, 0) + rule.weights[k]!;
            }
            value += logSumExp(values);
          }
          logs.push(value);
        }
      }
      const height = logSumExp(logs) - log(logs.length) - plain;
      return Number.isFinite(height) ? height : 0;
    },
  };
}

/** Points (count x q) and the logs of weight over normal density of the product rule. */
function productRule(q: number): { readonly points: Float64Array; readonly weights: Float64Array } {
  const rule = RULES[q];
  if (!rule) return { points: new Float64Array(0), weights: new Float64Array(0) };
  const nodes = [...rule.nodes, ...rule.nodes.map((x) => -x)];
  const shares = [...rule.weights, ...rule.weights];
  const count = nodes.length ** q;
  const points = new Float64Array(count * q);
  const weights = new Float64Array(count);
  for (let k = 0; k < count; k += 1) {
    let rest = k;
    for (let a = 0; a < q; a += 1) {
      const at = rest % nodes.length;
      rest = (rest - at) / nodes.length;
      points[k * q + a] = nodes[at]!;
      weights[k] = weights[k]! + log(shares[at]!) + 0.5 * nodes[at]! * nodes[at]!;
    }
  }
  return { points, weights };
}

function logSumExp(values: ArrayLike<number>): number {
  let top = -Infinity;
  for (let k = 0; k < values.length; k += 1) if (values[k]! > top) top = values[k]!;
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += exp(values[k]! - top);
  return top + log(sum);
}
