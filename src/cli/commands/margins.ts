import { marginsText } from '../../report/marginsText.ts';
import { margins } from '../../summary/effects/margins.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { AT_OPTION, answeringFit, commaList, EFFECT_OPTIONS, heldColumns } from '../effectArguments.ts';
import { FIT_OPERAND } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';

export const marginsCommand: Command = {
  name: 'margins',
  summary: 'marginal means of factors and their pairwise differences',
  operands: [FIT_OPERAND, { name: 'FACTOR', repeat: true, help: 'factors whose levels are crossed' }],
  options: [
    { name: 'by', value: 'A,B', help: 'factors within whose levels differences are taken' },
    AT_OPTION,
    {
      name: 'for',
      value: 'population|average|new',
      help: 'which groups: a typical one (default), those of the data, or the mean over new ones',
    },
    { name: 'weights', value: 'equal|proportional', help: 'how levels of other factors count (equal)' },
    {
      name: 'adjust',
      value: 'tukey|holm|bonferroni|none',
      help: 'with --method: how differences allow for their number (tukey)',
    },
    ...EFFECT_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling margins fit.json floor',
  run(args, io) {
    const fit = answeringFit(args, io);
    const at = heldColumns(args);
    const result = margins(fit, args.operands.slice(1), {
      by: commaList(args, 'by'),
      at: at && Object.fromEntries(Object.entries(at).map(([name, values]) => [name, single(values)])),
      groups: args.choice('for', ['population', 'average', 'new']),
      weights: args.choice('weights', ['equal', 'proportional']),
      adjust: args.choice('adjust', ['tukey', 'holm', 'bonferroni', 'none']),
      kind: args.choice('kind', ['mean', 'rate', 'linear']),
      level: args.number('level'),
    });
    printAnswer(args, io, result, () => marginsText(result), result.notes);
    return STATUS.done;
  },
};

/** The one value of a column; several are left as they are, which margins refuses in words. */
function single<T>(values: T | readonly T[]): T {
  return (Array.isArray(values) && values.length === 1 ? values[0] : values) as T;
}
