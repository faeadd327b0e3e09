/**
 * A complex Fourier transform of one power-of-two size, in place on split real and imaginary parts, for convolutions:
 * `forward` leaves the spectrum in digit-reversed order and `inverse` takes it in that order, so that nothing is ever
 * permuted. `inverse(forward(x)) = size * x`.
 *
 * Radix 4, decimation in frequency forward and its transpose back, with one radix-2 stage when log2(size) is odd
 * (Van Loan 1992, Computational Frameworks for the Fast Fourier Transform, section 2.4). O(size log size), no
 * allocation.
 */
export interface FourierPlan {
  readonly size: number;
  forward(re: Float64Array, im: Float64Array): void;
  inverse(re: Float64Array, im: Float64Array): void;
}

/** Smallest power of two not below `least`. */
export function fourierSize(least: number): number {
  let size = 1;
  while (size < least) size *= 2;
  return size;
}

/**
 * cos and sin of 2 pi k / size, k = 0 .. size - 1, size a power of two: from the quarter turns on, each new angle is
 * the mean of two neighbours 2 d apart, cos m = (cos a + cos b) / (2 cos d), where 2 cos d = sqrt(2 + 2 cos 2d)
 * (Buneman 1987). Square roots round the same everywhere, an engine's cos does not; errors are below log2(size) units
 * in the last place.
 */
function unitCircle(size: number): { cos: Float64Array; sin: Float64Array } {
  const cos = new Float64Array(size + 1);
  const sin = new Float64Array(size + 1);
  const quarters = Math.min(4, size);
  for (let k = 0; k <= quarters; k++) {
    const turn = (4 / quarters) * k;
    cos[(k * size) / quarters] = [1, 0, -1, 0, 1][turn]!;
    sin[(k * size) / quarters] = [0, 1, 0, -1, 0][turn]!;
  }
  let twice = 0; // 2 cos 2d, at first of a quarter turn
  for (let step = size / 4; step > 1; step /= 2) {
    twice = Math.sqrt(2 + twice);
    for (let k = step / 2; k < size; k += step) {
      cos[k] = (cos[k - step / 2]! + cos[k + step / 2]!) / twice;
      sin[k] = (sin[k - step / 2]! + sin[k + step / 2]!) / twice;
    }
  }
  return { cos, sin };
}

/** Makes the plan (twiddle factors) of a transform of `size` points, a power of two. */
export function fourierPlan(size: number): FourierPlan {
  const { cos, sin } = unitCircle(size);

  // Length-2 blocks, the innermost stage of odd powers of two; its own inverse up to the factor 2.
  function radix2(re: Float64Array, im: Float64Array): void {
    for (let i = 0; i < size; i += 2) {
      const ar = re[i]!;
      const ai = im[i]!;
      const br = re[i + 1]!;
      const bi = im[i + 1]!;
      re[i] = ar + br;
      im[i] = ai + bi;
      re[i + 1] = ar - br;
      im[i + 1] = ai - bi;
    }
  }

  function forward(re: Float64Array, im: Float64Array): void {
    let length = size;
    for (; length >= 4; length >>= 2) {
      const quarter = length >> 2;
      const stride = size / length;
      for (let j = 0; j < quarter; j++) {
        const c1 = cos[j * stride]!;
        const s1 = sin[j * stride]!;
        const c2 = cos[2 * j * stride]!;
        const s2 = sin[2 * j * stride]!;
        const c3 = cos[3 * j * stride]!;
        const s3 = sin[3 * j * stride]!;
        for (let i0 = j; i0 < size; i0 += length) {
          const i1 = i0 + quarter;
          const i2 = i1 + quarter;
          const i3 = i2 + quarter;
          const pr = re[i0]! + re[i2]!;
          const pi = im[i0]! + im[i2]!;
          const mr = re[i0]! - re[i2]!;
          const mi = im[i0]! - im[i2]!;
          const qr = re[i1]! + re[i3]!;
          const qi = im[i1]! + im[i3]!;
          const nr = re[i1]! - re[i3]!;
          const ni = im[i1]! - im[i3]!;
          re[i0] = pr + qr;
          im[i0] = pi + qi;
          const ar = mr + ni; // (a0 - a2) - i (a1 - a3)
          const ai = mi - nr;
          re[i1] = ar * c1 + ai * s1;
          im[i1] = ai * c1 - ar * s1;
          const br = pr - qr;
          const bi = pi - qi;
          re[i2] = br * c2 + bi * s2;
          im[i2] = bi * c2 - br * s2;
          const dr = mr - ni; // (a0 - a2) + i (a1 - a3)
          const di = mi + nr;
          re[i3] = dr * c3 + di * s3;
          im[i3] = di * c3 - dr * s3;
        }
      }
    }
    if (length === 2) radix2(re, im);
  }

  function inverse(re: Float64Array, im: Float64Array): void {
    let length = 4;
    if (Math.log2(size) % 2 === 1) {
      radix2(re, im);
      length = 8;
    }
    for (; length <= size; length <<= 2) {
      const quarter = length >> 2;
      const stride = size / length;
      for (let j = 0; j < quarter; j++) {
        const c1 = cos[j * stride]!;
        const s1 = sin[j * stride]!;
        const c2 = cos[2 * j * stride]!;
        const s2 = sin[2 * j * stride]!;
        const c3 = cos[3 * j * stride]!;
        const s3 = sin[3 * j * stride]!;
        for (let i0 = j; i0 < size; i0 += length) {
          const i1 = i0 + quarter;
          const i2 = i1 + quarter;
          const i3 = i2 + quarter;
          const b1r = re[i1]! * c1 - im[i1]! * s1;
          const b1i = im[i1]! * c1 + re[i1]! * s1;
          const b2r = re[i2]! * c2 - im[i2]! * s2;
          const b2i = im[i2]! * c2 + re[i2]! * s2;
          const b3r = re[i3]! * c3 - im[i3]! * s3;
          const b3i = im[i3]! * c3 + re[i3]! * s3;
          const pr = re[i0]! + b2r;
          const pi = im[i0]! + b2i;
          const mr = re[i0]! - b2r;
          const mi = im[i0]! - b2i;
          const qr = b1r + b3r;
          const qi = b1i + b3i;
          const nr = b1r - b3r;
          const ni = b1i - b3i;
          re[i0] = pr + qr;
          im[i0] = pi + qi;
          re[i1] = mr - ni; // (b0 - b2) + i (b1 - b3)
          im[i1] = mi + nr;
          re[i2] = pr - qr;
          im[i2] = pi - qi;
          re[i3] = mr + ni;
          im[i3] = mi - nr;
        }
      }
    }
  }

  return { size, forward, inverse };
}
