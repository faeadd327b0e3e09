import { log } from '../elementary.ts';
import { normalRules } from './normalRules.ts';

/** 12, 6 and 4 points to a coordinate for q = 1, 2 and 3. */
const RULES = [undefined, normalRules[12], normalRules[6], normalRules[4]] as const;

/** Points of a product rule (count x q) and the logs of their weights. */
export interface ProductRule {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Points (count x q) and the logs of weight over normal density of the Gauss-Hermite product rule for q standard normal
 * coordinates: the sum of exp(weight) f(point) is the integral of f. Empty where q is 0 or exceeds 3.
 */
export function productRule(q: number): ProductRule {
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
