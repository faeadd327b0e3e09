import { check as checkDraws } from '../../diagnostics/check.ts';
import { readDraws } from '../../diagnostics/readDraws.ts';
import { checkText } from '../report/text.ts';
import { type Command, JSON_OPTION, printJson } from './command.ts';
import { STATUS } from './io.ts';
import { readText } from './modelArguments.ts';

export const checkCommand: Command = {
  name: 'check',
  summary: 'say whether the draws of a fit, or of any other program, are to be trusted',
  operands: [{ name: 'FILE', help: 'a fit file, or draws as CSV (a column per quantity and a column chain) or JSON' }],
  options: [
    { name: 'rhat', value: 'R', help: 'largest acceptable R-hat (1.01)' },
    { name: 'ess-per-chain', value: 'N', help: 'smallest acceptable bulk and tail ESS per chain (100)' },
    JSON_OPTION,
  ],
  example: 'partial-pooling check fit.json',
  run(args, io) {
    const verdict = checkDraws(readDraws(readText(args.operands[0]!, io)), {
      rhat: args.number('rhat'),
      essPerChain: args.number('ess-per-chain'),
    });
    if (args.flag('json')) printJson(io, verdict);
    else io.stdout.write(`${checkText(verdict)}\n`);
    return verdict.ok ? STATUS.done : STATUS.untrusted;
  },
};
