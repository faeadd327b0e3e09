import { describe, expect, it } from 'vitest';
import { lanczosLog } from '../../../src/likelihood/gaussian/lanczosLog.ts';
import { conjugateGradients, type Multiply } from '../../../src/linalg/sparse/conjugateGradients.ts';
import { symmetricEigen } from '../../../src/linalg/symmetricEigen.ts';
import { createRng } from '../../../src/random/rng.ts';

const N = 12;
const rng = createRng([5]);
const normals = (count: number) => Float64Array.from({ length: count }, () => rng.normal());

/** B B' + I, one direction of it stretched. */
function positive(): Float64Array {
  const B = normals(N * N);
  const far = normals(N);
  return Float64Array.from({ length: N * N }, (_, k) => {
    const [i, j] = [Math.floor(k / N), k % N];
    let sum = (i === j ? 1 : 0) + 20 * far[i]! * far[j]!;
    for (let l = 0; l < N; l++) sum += 0.1 * B[i * N + l]! * B[j * N + l]!;
    return sum;
  });
}

const times =
  (A: Float64Array): Multiply =>
  (x, out) => {
    for (let i = 0; i < N; i++) {
      out[i] = 0;
      for (let j = 0; j < N; j++) out[i] = out[i]! + A[i * N + j]! * x[j]!;
    }
  };

function logForm(A: Float64Array, z: Float64Array): number {
  const { values, vectors } = symmetricEigen(A, N);
  return values.reduce((sum, value, k) => {
    const along = z.reduce((part, entry, i) => part + entry * vectors[i * N + k]!, 0);
    return sum + along * along * Math.log(value);
  }, 0);
}

describe("z'log(A)z by Lanczos' steps", () => {
  const A = positive();
  const z = normals(N);
  const found = lanczosLog(times(A), z)!;

  it('is that of the eigenvalues', () => {
    expect(found.value / logForm(A, z)).toBeCloseTo(1, 10);
  });

  it('has the derivative of that in any direction', () => {
    const E = normals(N * N).map((value, k, all) => value + all[(k % N) * N + Math.floor(k / N)]!);
    const step = 1e-5;
    const moved = [step, -step].map((by) =>
      logForm(
        A.map((value, k) => value + by * E[k]!),
        z,
      ),
    );
    let slope = 0;
    for (const y of found.vectors) {
      const image = new Float64Array(N);
      times(E)(y, image);
      slope += y.reduce((sum, value, i) => sum + value * image[i]!, 0);
    }
    expect(slope / ((moved[0]! - moved[1]!) / (2 * step))).toBeCloseTo(1, 6);
  });

  it('has none where A is not positive definite', () => {
    expect(lanczosLog(times(A.map((value, k) => (k === 0 ? -50 : value))), z)).toBeNull();
    expect(lanczosLog(times(A), new Float64Array(N))).toEqual({ value: 0, vectors: [] });
  });
});

describe('conjugate gradients', () => {
  const A = positive();
  const b = normals(N);

  it.each([false, true])('solve A x = b, with the diagonal solved beforehand: %s', (beforehand) => {
    const x = normals(N);
    const precondition: Multiply = (v, out) => {
      for (let i = 0; i < N; i++) out[i] = v[i]! / A[i * N + i]!;
    };
    const options = { tolerance: 1e-12, most: 100, ...(beforehand ? { precondition } : {}) };
    expect(conjugateGradients(times(A), b, x, options)).toBe(true);
    const image = new Float64Array(N);
    times(A)(x, image);
    for (let i = 0; i < N; i++) expect(image[i]).toBeCloseTo(b[i]!, 9);
  });

  it('say when they have no solution', () => {
    const x = new Float64Array(N);
    expect(conjugateGradients(times(A.map((value) => -value)), b, x, { tolerance: 1e-9, most: 100 })).toBe(false);
    expect(conjugateGradients(times(A), b, x, { tolerance: 1e-12, most: 2 })).toBe(false);
    expect(
      conjugateGradients(
        times(A),
        b.map(() => Number.NaN),
        x,
        { tolerance: 1e-9, most: 100 },
      ),
    ).toBe(false);
    expect(conjugateGradients(times(A), new Float64Array(N), x, { tolerance: 1e-9, most: 0 })).toBe(true);
  });
});
