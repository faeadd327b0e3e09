import { isAt, type Place } from './equivalent.ts';
import type { Mutant } from './mutants.ts';

/** A survivor of the run in report.md and the test file that was written for it after that run. */
interface Noticed extends Place {
  readonly by: string;
}

const noticed: readonly Noticed[] = [
  {
    file: 'src/linalg/eliminateBlocks.ts',
    at: 'for (; j + 3 < J; j += 4) {',
    from: 'j + 3 < J',
    to: 'j + 3 <= J',
    by: 'test/linalg/arrowCholesky.test.ts',
  },
  {
    file: 'src/random/ziggurat.ts',
    at: 'const height = density[i]! + coarseUniform(word) * (density[i + 1]! - density[i]!);',
    from: 'i + 1',
    to: '(i + 1) + 1',
    by: 'test/random/ziggurat.test.ts',
  },
  {
    file: 'src/products/exactFit.ts',
    at: 'if (products.knownScale) return null;',
    from: 'return null;',
    to: '',
    by: 'test/products/exactFit.test.ts',
  },
  {
    file: 'src/kernels/gibbs/covarianceDraws.ts',
    at: 'const rate = df * inverse[k * size + k]! + 1 / (scale[k]! * scale[k]!);',
    from: 'scale[k]! * scale[k]!',
    to: 'scale[k]! / scale[k]!',
    by: 'test/kernels/gibbs/covarianceDraw.test.ts',
  },
  {
    file: 'src/likelihood/inference/simulateResponse.ts',
    at: 'let sum = response.offset?.[i] ?? 0;',
    from: 'i',
    to: '(i) + 1',
    by: 'test/likelihood/inference/bootstrap.test.ts',
  },
  {
    file: 'diagnostics/guessHint.ts',
    at: "return SCALE_NAME.test(name) && everyDraw(chains, (x) => x >= 0) ? 'scale' : undefined;",
    from: '0',
    to: '1',
    by: 'test/diagnostics/reading/readDraws.test.ts',
  },
  {
    file: 'src/design/columns/learningEncoder.ts',
    at: 'for (const value of x) rest += value - first;',
    from: 'rest += value - first',
    to: 'rest -= value - first',
    by: 'test/design/level2.test.ts',
  },
];

/** The test file that notices a survivor of the recorded run now, if there is one. */
export function noticedSince(mutant: Mutant): string | undefined {
  return noticed.find((entry) => isAt(entry, mutant))?.by;
}
