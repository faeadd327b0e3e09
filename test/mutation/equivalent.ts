import { design } from './equivalents/design.ts';
import { diagnostics } from './equivalents/diagnostics.ts';
import { families } from './equivalents/families.ts';
import { kernels } from './equivalents/kernels.ts';
import { likelihood } from './equivalents/likelihood.ts';
import { linalg } from './equivalents/linalg.ts';
import { priors } from './equivalents/priors.ts';
import { products } from './equivalents/products.ts';
import { proposals } from './equivalents/proposals.ts';
import { random } from './equivalents/random.ts';
import { special } from './equivalents/special.ts';
import type { Mutant } from './mutants.ts';

/** What tells a mutant from all others, whatever its line number. */
export interface Place {
  readonly file: string;
  /** The source line, or its beginning, without the spaces before it. */
  readonly at: string;
  /** What stands before the node on its line, or the end of it, where the line has several nodes that read alike. */
  readonly after?: string;
  readonly from: string;
  readonly to: string;
}

/** A mutant that no test can tell from the original by what the function promises, and the reason. */
export interface Equivalent extends Place {
  readonly why: string;
}

const equivalents = [
  design,
  diagnostics,
  families,
  kernels,
  likelihood,
  linalg,
  priors,
  products,
  proposals,
  random,
  special,
].flat();

/** The entry that names a mutant, if there is one. */
export function equivalentOf(mutant: Mutant): Equivalent | undefined {
  return equivalents.find((entry) => isAt(entry, mutant));
}

/** Whether the place is that of the mutant. */
export function isAt({ file, at, after, from, to }: Place, mutant: Mutant): boolean {
  return (
    file === mutant.file &&
    mutant.lineText.startsWith(at) &&
    from === mutant.from &&
    to === mutant.to &&
    (after === undefined || mutant.before.endsWith(after))
  );
}
