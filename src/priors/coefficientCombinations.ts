/**
 * Solves B x = m in place (`x` holds m, length p, at the start): B (p x p, row-major) is the identity plus a nilpotent
 * matrix, as the combinations of `CoefficientPriors` are: no column's row reaches, by however many steps, that column
 * again. Null stands for the identity.
 */
export function solveCombinations(B: Float64Array | null | undefined, x: Float64Array): void {
  if (!B) return;
  const p = x.length;
  const m = Float64Array.from(x);
  const next = new Float64Array(p);
  // x = m - (B - I) x, exact after as many rounds as the longest chain of columns has steps.
  for (let round = 0; round < p; round += 1) {
    let moved = false;
    for (let k = 0; k < p; k += 1) {
      let value = m[k]!;
      for (let l = 0; l < p; l += 1) if (l !== k) value -= B[k * p + l]! * x[l]!;
      next[k] = value;
      moved ||= value !== x[k];
    }
    x.set(next);
    if (!moved) return;
  }
}
