/** The positive nodes of a Gauss-Hermite rule and their weights; the negative ones mirror them. */
interface HalfRule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/**
 * Gauss-Hermite rules for a standard normal by their number of points: sum_k w_k g(z_k) is E g(Z) for polynomials g of
 * degree < 2 points (Abramowitz & Stegun 1964, table 25.10, rescaled). Written out because draws depend on their last
 * bits, which must not be an engine's own; `gaussHermite` computes a rule of any number of points for what no draw
 * depends on.
 */
export const normalRules = {
  4: {
    nodes: [0.7419637843027259, 2.3344142183389773],
    weights: [0.4541241452319315, 0.04587585476806849],
  },
  6: {
    nodes: [0.6167065901925942, 1.889175877753711, 3.324257433552119],
    weights: [0.4088284695560292, 0.0886157460419145, 0.0025557844020562465],
  },
  8: {
    nodes: [0.5390798113513751, 1.636519042435108, 2.8024858612875416, 4.1445471861258945],
    weights: [0.3730122576790775, 0.117239907661759, 0.0096352201207883, 0.0001126145383754],
  },
  12: {
    nodes: [
      0.44440300194413895, 1.3403751971516167, 2.2594644510007993, 3.22370982877009, 4.271825847932281,
      5.500901704467748,
    ],
    weights: [
      0.3216643615128302, 0.14696704804533, 0.02911668791236414, 0.0022033806875332, 4.837184922590667e-5,
      1.4999271676371695e-7,
    ],
  },
} as const satisfies Readonly<Record<number, HalfRule>>;
