import type { Design, StructuredGroups } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import type { StructureName } from '../../graph/node.ts';

/** The structures that contain each structure over the same groups and times; every one contains independence. */
const WITHIN: Readonly<Record<StructureName, readonly StructureName[]>> = {
  ar1: ['ar1', 'toeplitz', 'unstructured'],
  car1: ['car1', 'unstructured'],
  cs: ['cs', 'toeplitz', 'unstructured'],
  toeplitz: ['toeplitz', 'unstructured'],
  unstructured: ['unstructured'],
};

/**
 * Throws a ModelError `not-nested` where the residuals of the smaller model are no special case of those of the larger
 * one: a structure over other groups or times or not contained in the other, or a term of sigma that the other lacks.
 */
export function checkResidualsNested({ residual: small, response }: Design, { residual: large }: Design): void {
  const wrong = (sentence: string) =>
    new ModelError(
      'not-nested',
      response.label,
      `the fits are not nested: ${sentence} is no special case of the larger model's residuals`,
    );
  const [one, other] = [small?.groups ?? null, large?.groups ?? null];
  if (one !== null && !contains(one, other)) throw wrong(`${one.structure} within ${one.factor}`);
  const missing = small?.sigma?.labels.find((label) => !large?.sigma?.labels.includes(label));
  if (missing !== undefined) throw wrong(`a residual sd that depends on ${missing}`);
}

function contains(small: StructuredGroups, large: StructuredGroups | null): boolean {
  if (large === null || !WITHIN[small.structure].includes(large.structure)) return false;
  const sameTimes = small.structure === 'cs' || same(small.occasion, large.occasion);
  return same(small.index, large.index) && sameTimes;
}

function same(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
