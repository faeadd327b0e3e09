/**
 * Below this share of a column's square that the columns before it leave unexplained, the remainder is rounding: the
 * column counts as dependent (about 3e-7 of its length; R's `lm` draws the line at 1e-7).
 */
const DEPENDENT = 1e-13;

/** A column whose spread is below this share of its size is far from 0. */
const FAR = 1e-4;

/** A column whose spread is below this share of its size is constant up to rounding. */
const ROUNDING = 1e-13;

/** A round that left at least this share of every column needs no further round. */
const SETTLED = 0.1;

/**
 * T (k x k, row-major, upper triangular, positive diagonal) such that the columns of M T (M is n x k, row-major) are
 * orthogonal in the mean weighted by `weights` (length n), with mean square 1; a dependent column is only scaled.
 * Cholesky QR, repeated on its own result until the columns it meets are well conditioned: "twice is enough"
 * (Yamamoto, Nakatsukasa, Yanagisawa & Fukaya 2015). It passes over the rows and keeps no n x k copy.
 */
export function orthogonalise(M: Float64Array, k: number, weights: Float64Array): Float64Array {
  const n = weights.length;
  const T = new Float64Array(k * k);
  let totalWeight = 0;
  const largest = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    totalWeight += weights[i]!;
    for (let a = 0; a < k; a++) largest[a] = Math.max(largest[a]!, Math.abs(M[i * k + a]!));
  }
  for (let a = 0; a < k; a++) T[a * k + a] = largest[a]! > 0 ? 1 / largest[a]! : 1;
  centreFar(M, k, largest, T);

  const G = new Float64Array(k * k);
  const row = new Float64Array(k);
  for (let round = 0; round < 3; round++) {
    G.fill(0);
    for (let i = 0; i < n; i++) {
      const share = weights[i]! / totalWeight;
      for (let a = 0; a < k; a++) {
        let sum = 0;
        for (let b = 0; b <= a; b++) sum += M[i * k + b]! * T[b * k + a]!;
        row[a] = sum;
        const weighted = share * sum;
        for (let b = 0; b <= a; b++) G[a * k + b]! += weighted * row[b]!;
      }
    }
    const settled = factorIndependent(G, k) > SETTLED;
    timesInverseTransposed(T, G, k);
    if (settled) break;
  }
  return T;
}

/**
 * Takes a column far from 0 (by 1e4 of its spread and more) about its mean to begin with, where the first column is
 * constant: the squares of 1e9 + x have no digits left of x. A column that is constant up to rounding is left alone.
 */
function centreFar(M: Float64Array, k: number, largest: Float64Array, T: Float64Array): void {
  const n = M.length / k;
  const constant = k > 0 ? M[0]! : 0;
  if (constant === 0) return;
  for (let i = 0; i < n; i++) if (M[i * k] !== constant) return;
  for (let a = 1; a < k; a++) {
    let mean = 0;
    for (let i = 0; i < n; i++) mean += M[i * k + a]! / n;
    let spread = 0;
    for (let i = 0; i < n; i++) spread = Math.max(spread, Math.abs(M[i * k + a]! - mean));
    if (spread > FAR * largest[a]! || spread <= ROUNDING * largest[a]!) continue;
    T[a * k + a] = 1 / spread;
    T[a] = -mean / (constant * spread);
  }
}

/**
 * Cholesky factor of G in place (lower triangle). A column that depends on those before it gets its length on the
 * diagonal and zeros elsewhere, and takes no part in later columns. Returns the smallest share left of an independent
 * column.
 */
function factorIndependent(G: Float64Array, k: number): number {
  let least = 1;
  for (let i = 0; i < k; i++) {
    const length2 = G[i * k + i]!;
    let pivot = length2;
    for (let j = 0; j < i; j++) {
      let sum = G[i * k + j]!;
      for (let l = 0; l < j; l++) sum -= G[i * k + l]! * G[j * k + l]!;
      G[i * k + j] = sum / G[j * k + j]!;
      pivot -= G[i * k + j]! * G[i * k + j]!;
    }
    if (pivot > DEPENDENT * length2) {
      least = Math.min(least, pivot / length2);
      G[i * k + i] = Math.sqrt(pivot);
    } else {
      for (let j = 0; j < i; j++) G[i * k + j] = 0;
      G[i * k + i] = length2 > 0 ? Math.sqrt(length2) : 1;
      // Entries below are crossed out here, so that no later column is projected on this one.
      for (let later = i + 1; later < k; later++) G[later * k + i] = 0;
    }
  }
  return least;
}

/** T := T L^-T for T upper triangular and L lower triangular (both k x k, row-major). */
function timesInverseTransposed(T: Float64Array, L: Float64Array, k: number): void {
  for (let i = 0; i < k; i++) {
    for (let j = i; j < k; j++) {
      let sum = T[i * k + j]!;
      for (let l = i; l < j; l++) sum -= T[i * k + l]! * L[j * k + l]!;
      T[i * k + j] = sum / L[j * k + j]!;
    }
  }
}
