import { isAt, type Place } from './equivalent.ts';
import type { Mutant } from './mutants.ts';

/** A survivor of the run in report.md and the test file that was written for it after that run. */
interface Noticed extends Place {
  readonly by: string;
}

const noticed: readonly Noticed[] = [
  {
    file: 'src/linalg/arrowCholesky.ts',
    at: 'if (q === 1 && columns.length === J * r) {',
    from: 'J * r',
    to: 'J / r',
    by: 'test/linalg/arrowCholesky.test.ts',
  },
  {
    file: 'src/linalg/eliminateBlocks.ts',
    at: 'const first = j * r;',
    from: 'j * r',
    to: 'j / r',
    by: 'test/linalg/arrowCholesky.test.ts',
  },
  {
    file: 'src/random/binomial.ts',
    at: 'if (p > failure) return n - drawBinomial(n, failure, p, rng);',
    from: 'return n - drawBinomial(n, failure, p, rng);',
    to: '',
    by: 'test/random/binomial.test.ts',
  },
  {
    file: 'src/random/thorinQuadrature.ts',
    at: 'mass[count] = 1 / (6 * edge * edge * edge);',
    from: 'count',
    to: '(count) + 1',
    by: 'test/random/thorinQuadrature.test.ts',
  },
  {
    file: 'src/design/callArguments.ts',
    at: "if (argument === undefined || by?.type !== 'name')",
    from: "argument === undefined || by?.type !== 'name'",
    to: "argument === undefined && by?.type !== 'name'",
    by: 'test/design/callArguments.test.ts',
  },
  {
    file: 'src/design/missingRows.ts',
    at: 'const more = groups.length > 5 ?',
    from: 'groups.length > 5',
    to: 'groups.length <= 5',
    by: 'test/design/level2.test.ts',
  },
  {
    file: 'src/design/orthogonalise.ts',
    at: 'if (constant === 0) return;',
    from: 'constant === 0',
    to: 'false',
    by: 'test/design/orthogonalise.test.ts',
  },
  {
    file: 'src/design/rowValues.ts',
    at: 'if (i < 0) return values;',
    from: '0',
    to: '1',
    by: 'test/design/responseColumn.test.ts',
  },
  {
    file: 'src/kernels/adaptiveProposal.ts',
    at: 'logs[n] = Number.isNaN(value) ? -Infinity : value;',
    from: '-Infinity',
    to: 'Infinity',
    by: 'test/kernels/adaptiveRidge.test.ts',
  },
  {
    file: 'src/kernels/augmentation.ts',
    at: 'for (let i = 0; i < n; i += 1) kappa[i] = y[i]! - 0.5 * size[i]!;',
    from: 'y[i]! - 0.5 * size[i]!',
    to: 'y[i]! + 0.5 * size[i]!',
    by: 'test/kernels/augmentation.test.ts',
  },
  {
    file: 'src/kernels/augmentedKernel.ts',
    at: 'predictor[i] = sum;',
    from: 'predictor[i] = sum;',
    to: '',
    by: 'test/kernels/augmentation.test.ts',
  },
  {
    file: 'src/kernels/gaussianApproximation.ts',
    at: 'constant += averages[0]! + 0.5 * w * variance[i]! - (averages[1]! + 0.',
    from: '0.5 * w * variance[i]!',
    to: '0.5 * w / variance[i]!',
    by: 'test/kernels/gaussianApproximation.test.ts',
  },
  {
    file: 'src/kernels/interweaving.ts',
    at: 'return value - width * log(tau[to]!) - (0.5 * a * (linear + square * a',
    from: 'width * log(tau[to]!)',
    to: 'width / log(tau[to]!)',
    by: 'test/kernels/interweaving.test.ts',
  },
  {
    file: 'src/kernels/marginalCovariance.ts',
    at: 'latent[d + 2] = density;',
    from: 'd + 2',
    to: '(d + 2) + 1',
    by: 'test/kernels/marginalCovarianceDraw.test.ts',
  },
  {
    file: 'src/kernels/marginalTarget.ts',
    at: 'lookUp(phi[0]!, table);',
    from: '0',
    to: '1',
    by: 'test/kernels/marginalTarget.test.ts',
  },
  {
    file: 'src/kernels/partialCorrelations.ts',
    at: 'z[at++] = atanh(Math.max(-1 + 1e-15, Math.min(1 - 1e-15, p)));',
    after: 'z[at++] = atanh(Math.max(-',
    from: '1',
    to: '2',
    by: 'test/kernels/partialCorrelations.test.ts',
  },
  {
    file: 'src/kernels/scaleMixtureProposal.ts',
    at: 'backwardSolveArrow(likelihood.arrow, x);',
    from: 'backwardSolveArrow(likelihood.arrow, x);',
    to: '',
    by: 'test/kernels/scaleMixtureProposal.test.ts',
  },
  {
    file: 'src/kernels/slice.ts',
    at: 'if (candidate < x) left = candidate;',
    from: 'candidate < x',
    to: 'false',
    by: 'test/kernels/slice.test.ts',
  },
  {
    file: 'src/likelihood/bootstrap.ts',
    at: 'if (i === j) L[i * q + i] = sum > 1e-13 * S[i * q + i]! ? Math.sqrt(su',
    from: '1e-13 * S[i * q + i]!',
    to: '1e-13 / S[i * q + i]!',
    by: 'test/likelihood/dwarfedResiduals.test.ts',
  },
  {
    file: 'src/likelihood/estimateTheta.ts',
    at: 'let evaluations = 0;',
    from: '0',
    to: '1',
    by: 'test/likelihood/convergence.test.ts',
  },
  {
    file: 'src/likelihood/generalizedCovariance.ts',
    at: '(_, k) => hessian[(d - p + Math.floor(k / p)) * d + d - p + (k % p)]!,',
    from: '(d - p + Math.floor(k / p)) * d',
    to: '(d - p + Math.floor(k / p)) / d',
    by: 'test/likelihood/generalizedCovariance.test.ts',
  },
  {
    file: 'src/likelihood/generalizedFit.ts',
    at: 'expectedDecrease: 0,',
    from: '0',
    to: '1',
    by: 'test/likelihood/convergence.test.ts',
  },
  {
    file: 'src/likelihood/glm.ts',
    at: 'let square = 0;',
    from: '0',
    to: '1',
    by: 'test/likelihood/glm.test.ts',
  },
  {
    file: 'src/likelihood/intervals.ts',
    at: 'const above = Math.min(below + 1, sorted.length - 1);',
    from: 'below + 1',
    to: 'below - 1',
    by: 'test/likelihood/intervals.test.ts',
  },
  {
    file: 'src/likelihood/spannedColumns.ts',
    at: 'if (!spanned[a] && Math.abs(T[a * p + c]!) > 1e-14 * T[a * p + a]!) re',
    from: 'Math.abs(T[a * p + c]!)',
    to: '(T[a * p + c]!)',
    by: 'test/likelihood/spannedColumns.test.ts',
  },
  {
    file: 'diagnostics/scaleBoundary.ts',
    at: 'let below = 0;',
    from: '0',
    to: '1',
    by: 'test/diagnostics/check.test.ts',
  },
  {
    file: 'diagnostics/standstill.ts',
    at: 'for (let c = 0; c < chainCount; c++) {',
    from: '0',
    to: '1',
    by: 'test/diagnostics/check.test.ts',
  },
];

/** The test file that notices a survivor of the recorded run now, if there is one. */
export function noticedSince(mutant: Mutant): string | undefined {
  return noticed.find((entry) => isAt(entry, mutant))?.by;
}
