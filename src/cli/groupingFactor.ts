import type { ModelFit } from '../summary/modelFit.ts';
import type { Arguments } from './arguments.ts';
import type { OptionSpec } from './command.ts';
import { usageError } from './parseArguments.ts';

export const FACTOR_OPTION: OptionSpec = {
  name: 'factor',
  value: 'NAME',
  help: 'the grouping factor; needed when the model has several',
};

/** The factor named by --factor, or the only one of the model. Throws `usage`. */
export function groupingFactor(fit: ModelFit, args: Arguments): string {
  const given = args.text('factor');
  if (given !== undefined) return given;
  const factors = fit.design.groupTerms.map(({ factor }) => factor);
  if (factors.length === 1) return factors[0]!;
  const there = factors.length === 0 ? 'the model has no grouping factor' : `accepted are ${factors.join(', ')}`;
  throw usageError('factor', `--factor is missing and the model has ${factors.length} grouping factors: ${there}`);
}
