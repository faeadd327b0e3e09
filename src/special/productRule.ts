import { log } from '../elementary.ts';

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

/** Points of a product rule (count x q) and the logs of their weights. */
export interface ProductRule {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Points (count x q) and the logs of weight over normal density of the Gauss-Hermite product rule for q standard normal coordinates: the sum of
 * exp(weight) f(point) is the integral of f. Empty where q is 0 or exceeds 3.
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
