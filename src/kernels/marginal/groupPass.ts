import { log } from '../../elementary.ts';
import { cholesky, invertFromCholesky } from '../../linalg/cholesky.ts';
import type { GroupQr } from '../../products/groupQr.ts';

/** Where K_j grows past this the explicit inverse would cost more digits than the density needs: 1e-16 times 1e7. */
const LARGEST_K = 1e7;

/**
 * One pass over the groups: fills the lower triangle of G = within + sum_j [S_j z_j]' K_j^-1 [S_j z_j] ((p+1) x (p+1))
 * and returns sum_j log|K_j|, K_j = I + (R_j Lambda)(R_j Lambda)'. Allocates nothing. Infinity where some K_j cannot be
 * factored.
 */
export type GroupPass = (Lambda: Float64Array) => number;

/**
 * The pass as one matrix-vector product: G is linear in the entries of the K_j^-1, and the products of [S_j z_j] that
 * they multiply are constants, formed once. Groups with equal R_j (equal designs) share K_j, and their products are
 * summed beforehand. Where the group-level spread is thousands of times the residual's, the pass whitens group by group
 * instead (`whitenedPass`), which loses no digits.
 */
export function groupPass(qr: GroupQr, G: Float64Array): GroupPass {
  const { q, p, within } = qr;
  const P = p + 1;
  const entries = (P * (P + 1)) / 2;
  const parts = (q * (q + 1)) / 2;
  const classes = equalDesigns(qr);
  const C = classes.length;
  const length = C * parts;
  const R = new Float64Array(C * q * q);
  const counts = new Float64Array(C);
  const rows = new Float64Array(entries * length);
  classes.forEach((members, c) => {
    counts[c] = members.length;
    R.set(qr.R.subarray(members[0]! * q * q, (members[0]! + 1) * q * q), c * q * q);
    for (const j of members) addProducts(qr, j, rows, c * parts, length);
  });
  const products = interleaved(rows, entries, length);
  const sums = new Float64Array(Math.ceil(entries / TOGETHER) * TOGETHER);
  const inverse = new Float64Array(length);
  const invert = q === 1 ? invertScalars : q === 2 ? invertPairs : invertAny(q);
  const whitened = whitenedPass(qr, G);
  const status = { largest: 0 };
  return (Lambda) => {
    const logK = invert(Lambda, R, counts, C, inverse, status);
    if (!(status.largest < LARGEST_K) && q > 1) return whitened(Lambda);
    contract(products, inverse, sums);
    let at = 0;
    for (let i = 0; i < P; i += 1) {
      for (let k = 0; k <= i; k += 1) {
        G[i * P + k] = within[i * P + k]! + sums[at]!;
        at += 1;
      }
    }
    return logK;
  };
}

/**
 * Entries of G that are summed together: each K^-1[a, b] is loaded once for four products, and no sum waits for
 * another.
 */
const TOGETHER = 4;

/**
 * Rows (entries x length) in bands of four, each stored column by column: (band, t, row of the band); the last band is
 * filled up with zeros.
 */
function interleaved(rows: Float64Array, entries: number, length: number): Float64Array {
  const out = new Float64Array(Math.ceil(entries / TOGETHER) * TOGETHER * length);
  for (let e = 0; e < entries; e += 1) {
    const band = Math.floor(e / TOGETHER) * TOGETHER * length + (e % TOGETHER);
    for (let t = 0; t < length; t += 1) out[band + TOGETHER * t] = rows[e * length + t]!;
  }
  return out;
}

/** sums := rows x, the rows interleaved. */
function contract(products: Float64Array, x: Float64Array, sums: Float64Array): void {
  const length = x.length;
  let at = 0;
  for (let e = 0; e < sums.length; e += TOGETHER) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let t = 0; t < length; t += 1) {
      const v = x[t]!;
      s0 += products[at]! * v;
      s1 += products[at + 1]! * v;
      s2 += products[at + 2]! * v;
      s3 += products[at + 3]! * v;
      at += TOGETHER;
    }
    sums[e] = s0;
    sums[e + 1] = s1;
    sums[e + 2] = s2;
    sums[e + 3] = s3;
  }
}

/** Groups by equal R_j. */
function equalDesigns({ J, q, R }: GroupQr): number[][] {
  const classes = new Map<string, number[]>();
  for (let j = 0; j < J; j += 1) {
    // R_j is unique up to the signs of its rows, which K_j does not depend on once S_j has the same signs.
    const key = R.subarray(j * q * q, (j + 1) * q * q).join();
    const members = classes.get(key);
    if (members) members.push(j);
    else classes.set(key, [j]);
  }
  return [...classes.values()];
}

/**
 * Adds group j's products to its class, in rows of entries x (class, part): K^-1[a, b], a >= b, multiplies S[a, i] S[b,
 * k] + (a > b) S[b, i] S[a, k] in entry (i, k).
 */
function addProducts({ q, p, S }: GroupQr, j: number, products: Float64Array, offset: number, length: number): void {
  const P = p + 1;
  let at = 0;
  for (let i = 0; i < P; i += 1) {
    for (let k = 0; k <= i; k += 1) {
      let part = at * length + offset;
      for (let a = 0; a < q; a += 1) {
        for (let b = 0; b <= a; b += 1) {
          const first = S[(j * q + a) * P + i]! * S[(j * q + b) * P + k]!;
          const second = a === b ? 0 : S[(j * q + b) * P + i]! * S[(j * q + a) * P + k]!;
          products[part] = products[part]! + first + second;
          part += 1;
        }
      }
      at += 1;
    }
  }
}

/** Writes the lower triangles of every K^-1, notes the largest diagonal of a K, and returns sum log|K|. */
type Invert = (
  Lambda: Float64Array,
  R: Float64Array,
  counts: Float64Array,
  C: number,
  inverse: Float64Array,
  status: { largest: number },
) => number;

/** A sum of logarithms as the logarithm of a product, taken before the product leaves the range of doubles. */
const PRODUCT_LIMIT = 1e150;

const invertScalars: Invert = (Lambda, R, counts, C, inverse, status) => {
  const l2 = Lambda[0]! * Lambda[0]!;
  let logK = 0;
  let product = 1;
  status.largest = 0;
  for (let c = 0; c < C; c += 1) {
    const k = 1 + R[c]! * R[c]! * l2;
    inverse[c] = 1 / k;
    if (counts[c] === 1 && k < PRODUCT_LIMIT) {
      product *= k;
      if (product > PRODUCT_LIMIT) {
        logK += log(product);
        product = 1;
      }
    } else {
      logK += counts[c]! * log(k);
    }
  }
  return logK + log(product);
};

/** q = 2: |K| = 1 + |M|_F^2 + |M|^2 for M = R Lambda, a sum of positive terms. */
const invertPairs: Invert = (Lambda, R, counts, C, inverse, status) => {
  const a = Lambda[0]!;
  const b = Lambda[2]!;
  const d = Lambda[3]!;
  let logK = 0;
  let product = 1;
  let largest = 0;
  for (let c = 0; c < C; c += 1) {
    const r = 4 * c;
    const r11 = R[r]!;
    const r22 = R[r + 3]!;
    const m11 = r11 * a + R[r + 1]! * b;
    const m12 = R[r + 1]! * d;
    const m21 = r22 * b;
    const m22 = r22 * d;
    const k11 = 1 + m11 * m11 + m12 * m12;
    const k22 = 1 + m21 * m21 + m22 * m22;
    const det = r11 * a * m22;
    const determinant = k11 + (k22 - 1) + det * det;
    const scale = 1 / determinant;
    inverse[3 * c] = k22 * scale;
    inverse[3 * c + 1] = -(m11 * m21 + m12 * m22) * scale;
    inverse[3 * c + 2] = k11 * scale;
    if (k11 > largest) largest = k11;
    if (k22 > largest) largest = k22;
    if (counts[c] === 1 && determinant < PRODUCT_LIMIT) {
      product *= determinant;
      if (product > PRODUCT_LIMIT) {
        logK += log(product);
        product = 1;
      }
    } else {
      logK += counts[c]! * log(determinant);
    }
  }
  status.largest = largest;
  return logK + log(product);
};

function invertAny(q: number): Invert {
  const M = new Float64Array(q * q);
  const K = new Float64Array(q * q);
  const full = new Float64Array(q * q);
  return (Lambda, R, counts, C, inverse, status) => {
    let logK = 0;
    status.largest = 0;
    for (let c = 0; c < C; c += 1) {
      fillK(R, c * q * q, Lambda, q, M, K);
      for (let k = 0; k < q; k += 1) status.largest = Math.max(status.largest, K[k * q + k]!);
      if (!cholesky(K, q)) {
        status.largest = Infinity;
        return Infinity;
      }
      let diagonal = 1;
      for (let k = 0; k < q; k += 1) diagonal *= K[k * q + k]!;
      logK += 2 * counts[c]! * log(diagonal);
      invertFromCholesky(K, q, full);
      let at = (c * q * (q + 1)) / 2;
      for (let a = 0; a < q; a += 1) {
        for (let b = 0; b <= a; b += 1) {
          inverse[at] = full[a * q + b]!;
          at += 1;
        }
      }
    }
    return logK;
  };
}

/** K = I + M M' (lower triangle), M = R Lambda with R upper and Lambda lower triangular. */
function fillK(
  R: Float64Array,
  offset: number,
  Lambda: Float64Array,
  q: number,
  M: Float64Array,
  K: Float64Array,
): void {
  for (let i = 0; i < q; i += 1) {
    for (let k = 0; k < q; k += 1) {
      let sum = 0;
      for (let t = Math.max(i, k); t < q; t += 1) sum += R[offset + i * q + t]! * Lambda[t * q + k]!;
      M[i * q + k] = sum;
    }
  }
  for (let i = 0; i < q; i += 1) {
    for (let k = 0; k <= i; k += 1) {
      let sum = i === k ? 1 : 0;
      for (let t = 0; t < q; t += 1) sum += M[i * q + t]! * M[k * q + t]!;
      K[i * q + k] = sum;
    }
  }
}

/** The pass by Cholesky's factor of each K_j and whitening of [S_j z_j]: every sum has positive terms only. */
export function whitenedPass(qr: GroupQr, G: Float64Array): GroupPass {
  const { J, q, p, R, S, within } = qr;
  const P = p + 1;
  const M = new Float64Array(q * q);
  const K = new Float64Array(q * q);
  const W = new Float64Array(q * P);
  return (Lambda) => {
    let logK = 0;
    for (let i = 0; i < P; i += 1) for (let k = 0; k <= i; k += 1) G[i * P + k] = within[i * P + k]!;
    for (let j = 0; j < J; j += 1) {
      fillK(R, j * q * q, Lambda, q, M, K);
      if (!cholesky(K, q)) return Infinity;
      for (let i = 0; i < q; i += 1) {
        const pivot = K[i * q + i]!;
        logK += 2 * log(pivot);
        for (let c = 0; c < P; c += 1) {
          let sum = S[(j * q + i) * P + c]!;
          for (let t = 0; t < i; t += 1) sum -= K[i * q + t]! * W[t * P + c]!;
          W[i * P + c] = sum / pivot;
        }
        for (let c = 0; c < P; c += 1) {
          const f = W[i * P + c]!;
          for (let k = 0; k <= c; k += 1) G[c * P + k] = G[c * P + k]! + f * W[i * P + k]!;
        }
      }
    }
    return logK;
  };
}
