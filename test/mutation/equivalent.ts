import type { Mutant } from './mutants.ts';

/** A mutant that no test can tell from the original by what the function promises, and the reason. */
export interface Equivalent {
  readonly file: string;
  /** The source line, or its beginning, without the spaces before it. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const SAME_BY_BOTH = 'both branches give the same number: the other one is quicker, or keeps its digits elsewhere';
const NULL_EVENT = 'the two differ only where two computed real numbers are equal, which rounding alone decides';
const PAST_END =
  'the entry more is written past the end of a typed array, which is ignored, or is overwritten by the next row';
const TOLERANCE = 'a tolerance: its order of magnitude is meant, and the results agree to what the docstring states';
const PROPOSAL =
  'shapes the first guess of a proposal, which later rounds fit to the density; any proposal leaves the posterior invariant';
const EFFORT = 'decides how much work is done, not what comes out: what follows reaches the same optimum';

export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/linalg/arrowCholesky.ts',
    at: 'if (q === 1 && columns.length === J * r) {',
    from: 'q === 1 && columns.length === J * r',
    to: 'false',
    why: SAME_BY_BOTH,
  },
  {
    file: 'src/linalg/arrowCholesky.ts',
    at: 'if (out !== h) out.set(h);',
    from: 'out !== h',
    to: 'true',
    why: 'an array set to itself stays as it is',
  },
  {
    file: 'src/families/binomialLogit.ts',
    at: 'const against = eta >= 0 ? size - y : y;',
    from: 'eta >= 0',
    to: 'eta > 0',
    why: 'at eta = 0 it is multiplied by the distance 0',
  },
  {
    file: 'src/families/separation.ts',
    at: 'const CONVERGED = 1e-6;',
    from: '1e-6',
    to: '0.0000011',
    why: TOLERANCE,
  },
  {
    file: 'src/families/separation.ts',
    at: 'if (p === 0) return null;',
    from: 'p === 0',
    to: 'false',
    why: 'without columns the first step moves nothing, which gives null too',
  },
  {
    file: 'src/families/separation.ts',
    at: 'if (target[i] === 0.5 || side <= tolerance) boundary += 1;',
    from: 'i',
    to: '(i) + 1',
    why: 'a row of both outcomes has side 0 and counts by the other condition; where there is one, the kind is quasi already',
  },
  {
    file: 'src/families/studentT.ts',
    at: 'return nu > 2 ? 1 / (1 - 2 / nu) : Infinity;',
    from: 'nu > 2',
    to: 'nu >= 2',
    why: 'at nu = 2 the quotient is 1 / 0, Infinity as well',
  },
  {
    file: 'src/likelihood/centring.ts',
    at: 'if (!(values[k]! > LARGE * LARGE)) continue;',
    from: 'values[k]! > LARGE * LARGE',
    to: 'values[k]! >= LARGE * LARGE',
    why: NULL_EVENT,
  },
  {
    file: 'src/likelihood/covarianceDerivative.ts',
    at: 'for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) out[b * q + a] = A[a * q + b]!;',
    from: 'b < q',
    to: 'b <= q',
    why: PAST_END,
  },
  {
    file: 'src/likelihood/estimateTheta.ts',
    at: 'if (length === 0 || length > 1e-3 * basis[a * size + a]!) continue;',
    from: 'continue;',
    to: '',
    why: 'spares evaluations: a row that is not small is set to 0 only where the criterion stays the same, which the next line asks',
  },
  {
    file: 'src/likelihood/generalizedCovariance.ts',
    at: 'for (let b = 0; b < p; b++) out[a * p + b] = 2 * inverse[(size - p + a) * size + size - p + b]!;',
    from: 'b < p',
    to: 'b <= p',
    why: PAST_END,
  },
  {
    file: 'src/likelihood/glm.ts',
    at: 'const RUNNING = 1e-4;',
    from: '1e-4',
    to: '0.00011000000000000002',
    why: TOLERANCE,
  },
  {
    file: 'src/likelihood/noPoolingGlm.ts',
    at: 'for (let i = 0; i < n; i++) {',
    from: 'i < n',
    to: 'i <= n',
    why: PAST_END,
  },
  {
    file: 'src/likelihood/optimize.ts',
    at: 'stalled = gained < 1e-13 * Math.abs(f) ? stalled + 1 : 0;',
    from: '0',
    to: '1',
    why: EFFORT,
  },
  {
    file: 'diagnostics/ess.ts',
    at: 'while (last < drawCount - 5 && even + odd > 0) {',
    from: 'even + odd > 0',
    to: 'even + odd >= 0',
    why: NULL_EVENT,
  },
  {
    file: 'diagnostics/special.ts',
    at: 'if (h < a + 1) {',
    from: 'h < a + 1',
    to: 'h <= a + 1',
    why: SAME_BY_BOTH,
  },
  {
    file: 'src/random/jacobiRatio.ts',
    at: 'const least = 1 + exponent * (1 + exponent * (1 / 2 + exponent * (1 / 6 + exponent / 24)));',
    from: '24',
    to: '25',
    why: 'a lower bound of the exponential that is a little lower: the series decides what it leaves open',
  },
  {
    file: 'src/random/polyaGammaDevroye.ts',
    at: 'const ROUNDING = 1e-12;',
    from: '1e-12',
    to: '1.1000000000000002e-12',
    why: TOLERANCE,
  },
  {
    file: 'src/random/polyaGammaDevroye.ts',
    at: 'if (u > edges[i + 1]! + ROUNDING) continue;',
    from: 'continue;',
    to: '',
    why: 'a quick rejection: the series refuses the same u',
  },
  {
    file: 'src/random/thorinQuadrature.ts',
    at: 'let christoffel = 0;',
    from: '0',
    to: '1',
    why: 'set to 0 again at every step',
  },
  {
    file: 'src/random/thorinQuadrature.ts',
    at: 'let p0 = 0;',
    from: '0',
    to: '1',
    why: 'multiplied by ratio[0] = 0 before it is replaced',
  },
  {
    file: 'src/random/wishart.ts',
    at: 'for (let i = 0; i < q; i++) {',
    from: 'i < q',
    to: 'i <= q',
    why: PAST_END,
  },
  {
    file: 'src/random/wishart.ts',
    at: 'for (let k = 0, end = Math.min(i, j); k <= end; k++) sum += U[i * q + k]! * A[j * q + k]!;',
    from: 'sum += U[i * q + k]! * A[j * q + k]!',
    to: 'sum -= U[i * q + k]! * A[j * q + k]!',
    why: "M turned into -M throughout: M M' is the same",
  },
  {
    file: 'src/design/checkModelData.ts',
    at: 'const shown = names.length > 6 ?',
    from: '6',
    to: '7',
    why: 'how many names a message lists',
  },
  {
    file: 'src/design/unknownColumn.ts',
    at: "const shown = names.slice(0, 20).join(', ');",
    from: '20',
    to: '21',
    why: 'how many names a message lists',
  },
  {
    file: 'src/design/fullRank.ts',
    at: 'let sum = 0;',
    from: '0',
    to: '1',
    why: 'the second pass adds the mean of what the first left: the first need not be the mean',
  },
  {
    file: 'src/design/orthogonalise.ts',
    at: 'let mean = 0;',
    from: '0',
    to: '1',
    why: 'any place near a column far from 0 serves to begin with: the passes that follow make the columns orthogonal',
  },
  {
    file: 'src/design/rowValues.ts',
    at: 'if (whole < least || Math.abs(value - whole) > ROUNDING * Math.max(1, whole)) {',
    from: '1',
    to: '2',
    why: TOLERANCE,
  },
  {
    file: 'src/kernels/adaptiveProposal.ts',
    at: 'for (let power = 1; ; power *= 0.7) {',
    from: '0.7',
    to: '0.77',
    why: PROPOSAL,
  },
  {
    file: 'src/kernels/adaptiveProposal.ts',
    at: 'const mixed = (f(a, 1, b, 1) - f(a, 1, b, -1) - f(a, -1, b, 1) + f(a, -1, b, -1)) / (4 * h[a]! * h[b]!);',
    from: 'a',
    to: '(a) + 1',
    why: PROPOSAL,
  },
  {
    file: 'src/kernels/augmentedKernel.ts',
    at: 'for (let t = 0; t < TRIES; t += 1) {',
    from: '0',
    to: '1',
    why: 'one Metropolis trial fewer: the distribution left invariant is the same',
  },
];

/** The entry that names a mutant, if there is one. */
export function equivalentOf({ file, lineText, from, to }: Mutant): Equivalent | undefined {
  return equivalents.find((e) => e.file === file && lineText.startsWith(e.at) && e.from === from && e.to === to);
}
