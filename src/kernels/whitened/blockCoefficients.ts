/**
 * The coefficients of the blocks from..to-1 from their whitened coordinates: e_j = L_j^-T (mean_j + T(xi_j)), u~_j =
 * Lambda e_j, T_a(x) = c x + s sqrt(1 + x^2) - m. For each of them fills `x` (J x q) with u~, `factors` (J) with prod_a
 * T_a'(xi_a) and `values` (J) with log N(e_j; 0, I) up to its constant. `inverse` holds L_j^-T (J x q x q, upper
 * triangles), `skew` (c, s, m) (J x q x 3). Allocates nothing; one and two coordinates a block are written out.
 */
export function blockCoefficients(
  from: number,
  to: number,
  q: number,
  xi: Float64Array,
  mean: Float64Array,
  inverse: Float64Array,
  skew: Float64Array,
  Lambda: Float64Array,
  e: Float64Array,
  x: Float64Array,
  factors: Float64Array,
  values: Float64Array,
): void {
  if (q === 1) scalars(from, to, xi, mean, inverse, skew, Lambda[0]!, x, factors, values);
  else if (q === 2) pairs(from, to, xi, mean, inverse, skew, Lambda, x, factors, values);
  else any(from, to, q, xi, mean, inverse, skew, Lambda, e, x, factors, values);
}

function scalars(
  from: number,
  to: number,
  xi: Float64Array,
  mean: Float64Array,
  inverse: Float64Array,
  skew: Float64Array,
  lambda: number,
  x: Float64Array,
  factors: Float64Array,
  values: Float64Array,
): void {
  for (let j = from, k = 3 * from; j < to; j += 1, k += 3) {
    const value = xi[j]!;
    const root = Math.sqrt(1 + value * value);
    const c = skew[k]!;
    const s = skew[k + 1]!;
    const e = inverse[j]! * (mean[j]! + c * value + s * root - skew[k + 2]!);
    x[j] = lambda * e;
    factors[j] = c + (s * value) / root;
    values[j] = -0.5 * e * e;
  }
}

function pairs(
  from: number,
  to: number,
  xi: Float64Array,
  mean: Float64Array,
  inverse: Float64Array,
  skew: Float64Array,
  Lambda: Float64Array,
  x: Float64Array,
  factors: Float64Array,
  values: Float64Array,
): void {
  const l00 = Lambda[0]!;
  const l01 = Lambda[1]!;
  const l10 = Lambda[2]!;
  const l11 = Lambda[3]!;
  for (let j = from; j < to; j += 1) {
    const at = 2 * j;
    const k = 6 * j;
    const m = 4 * j;
    const x0 = xi[at]!;
    const x1 = xi[at + 1]!;
    const root0 = Math.sqrt(1 + x0 * x0);
    const root1 = Math.sqrt(1 + x1 * x1);
    const w0 = mean[at]! + skew[k]! * x0 + skew[k + 1]! * root0 - skew[k + 2]!;
    const w1 = mean[at + 1]! + skew[k + 3]! * x1 + skew[k + 4]! * root1 - skew[k + 5]!;
    factors[j] = (skew[k]! + (skew[k + 1]! * x0) / root0) * (skew[k + 3]! + (skew[k + 4]! * x1) / root1);
    const e0 = inverse[m]! * w0 + inverse[m + 1]! * w1;
    const e1 = inverse[m + 3]! * w1;
    x[at] = l00 * e0 + l01 * e1;
    x[at + 1] = l10 * e0 + l11 * e1;
    values[j] = -0.5 * (e0 * e0 + e1 * e1);
  }
}

function any(
  from: number,
  to: number,
  q: number,
  xi: Float64Array,
  mean: Float64Array,
  inverse: Float64Array,
  skew: Float64Array,
  Lambda: Float64Array,
  e: Float64Array,
  x: Float64Array,
  factors: Float64Array,
  values: Float64Array,
): void {
  for (let j = from; j < to; j += 1) {
    const at = j * q;
    let product = 1;
    let square = 0;
    for (let a = 0; a < q; a += 1) {
      const value = xi[at + a]!;
      const root = Math.sqrt(1 + value * value);
      const k = 3 * (at + a);
      e[a] = mean[at + a]! + skew[k]! * value + skew[k + 1]! * root - skew[k + 2]!;
      product *= skew[k]! + (skew[k + 1]! * value) / root;
    }
    for (let a = 0; a < q; a += 1) {
      let sum = 0;
      for (let b = a; b < q; b += 1) sum += inverse[(at + a) * q + b]! * e[b]!;
      e[a] = sum;
      square += sum * sum;
    }
    for (let a = 0; a < q; a += 1) {
      let sum = 0;
      for (let b = 0; b < q; b += 1) sum += Lambda[a * q + b]! * e[b]!;
      x[at + a] = sum;
    }
    factors[j] = product;
    values[j] = -0.5 * square;
  }
}
