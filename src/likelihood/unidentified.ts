import type { GroupTerm } from '../design/design.ts';
import type { FlatDirection } from './flatDirections.ts';
import type { GroupEstimates, LikelihoodMethod } from './maximumLikelihoodFit.ts';

/** One sentence for each flat direction: which parameters, and that only their combination is known. */
export function unidentifiedSentences(directions: readonly FlatDirection[], method: LikelihoodMethod): string[] {
  return directions.map(({ parameters }) =>
    parameters.length === 1 && parameters[0]!.startsWith('tau_')
      ? `${parameters[0]} is not identified: the ${criterion(method)} is the same whatever it is, because the population-level columns account for every difference that it could explain; no estimate is given, and the standard errors take it as 0`
      : parameters.length === 1
        ? `${parameters[0]} is not identified: the ${criterion(method)} is the same whatever it is, and every other value is as good as the one given`
        : `${listed(parameters)} are not identified: the ${criterion(method)} is the same along a line of their values, so that only a combination of them is known, and the values given are one point of that line`,
  );
}

/**
 * The varying columns, by group term, whose sd the criterion does not depend on: REML where the population part spans
 * them in every group.
 */
export function withoutInfluence(groupTerms: readonly GroupTerm[], directions: readonly FlatDirection[]): number[][] {
  const alone = new Set(directions.flatMap(({ parameters }) => (parameters.length === 1 ? parameters : [])));
  return groupTerms.map(({ factor, labels }) =>
    labels.flatMap((label, k) => (alone.has(`tau_${factor}[${label}]`) ? [k] : [])),
  );
}

/**
 * Relative factors with the rows of such columns at 0: where nothing is known the rest is computed as if they did not
 * vary.
 */
export function withRowsAtZero(
  lambdas: readonly Float64Array[],
  columns: readonly (readonly number[])[],
): Float64Array[] {
  return lambdas.map((lambda, f) => {
    const q = Math.round(Math.sqrt(lambda.length));
    return lambda.map((value, i) => (columns[f]?.includes(Math.floor(i / q)) ? 0 : value));
  });
}

/** Estimates with NaN for the sds that nothing is known of: no value that a search began at is an answer. */
export function withheld(groups: readonly GroupEstimates[], columns: readonly (readonly number[])[]): GroupEstimates[] {
  return groups.map((group, f) => ({
    ...group,
    tau: group.tau.map((value, k) => (columns[f]!.includes(k) ? Number.NaN : value)),
  }));
}

function criterion(method: LikelihoodMethod): string {
  return method === 'REML' ? 'REML criterion' : 'likelihood';
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
