import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import type { FlatDirection } from './flatDirections.ts';
import type { LikelihoodMethod } from './maximumLikelihoodFit.ts';

/** One sentence for each flat direction: which parameters, and that only their combination is known. */
export function unidentifiedSentences(directions: readonly FlatDirection[], method: LikelihoodMethod): string[] {
  return directions.map(({ parameters }) =>
    parameters.length === 1
      ? `${parameters[0]} is not identified: the ${criterion(method)} is the same whatever it is, and the value given is as good as any other`
      : `${listed(parameters)} are not identified: the ${criterion(method)} is the same along a line of their values, so that only a combination of them is known, and the values given are one point of that line`,
  );
}

/**
 * Throws a ModelError where the criterion does not depend on the sd of a varying column at all: REML where the population-level columns span it in
 * every group. Nothing of the data would be in the estimate.
 */
export function checkInfluence(design: Design, directions: readonly FlatDirection[], method: LikelihoodMethod): void {
  for (const { parameters } of directions) {
    const [name] = parameters;
    if (parameters.length !== 1 || !name!.startsWith('tau_')) continue;
    throw new ModelError(
      'not-identified',
      design.response.label,
      `the ${criterion(method)} of ${design.response.label} is the same whatever ${name} is: ${
        method === 'REML'
          ? 'the population-level columns account for every difference among these groups, so that nothing is left to estimate it from; leave out those columns or this group term'
          : 'its column is 0 in every row; leave out the column'
      }`,
    );
  }
}

function criterion(method: LikelihoodMethod): string {
  return method === 'REML' ? 'REML criterion' : 'likelihood';
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
