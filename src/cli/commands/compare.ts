import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import { compareText } from '../../report/text.ts';
import { compare } from '../../summary/comparison/compare.ts';
import { externalFit } from '../../summary/comparison/externalFit.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { readText } from '../files/files.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';
import { defaultMethod, METHOD_OPTION, METHODS } from './ml.ts';

export const compareCommand: Command = {
  name: 'compare',
  summary: 'set a posterior beside the likelihood fit of the same model',
  operands: [
    FIT_OPERAND,
    { name: 'ML.json', optional: true, help: 'estimates written by ml --out, or by lme4; fitted here unless given' },
  ],
  options: [METHOD_OPTION, ...FIT_DATA_OPTIONS, JSON_OPTION],
  example: 'partial-pooling compare fit.json --method REML',
  run(args, io) {
    const other = args.operands[1];
    const method = args.choice('method', METHODS);
    if (method !== undefined && other !== undefined) {
      throw usageError('method', `--method ${method} and ${other} were both given; compare takes one of them`);
    }
    const fit = readFit(args, io);
    const estimates =
      other === undefined
        ? fitDesign(fit.design, method ?? defaultMethod(fit.design.response.family))
        : externalFit(readText(other, io));
    const comparison = compare(fit, estimates);
    printAnswer(args, io, comparison, () => compareText(comparison));
    return STATUS.done;
  },
};
