import { check as checkDraws } from '../../diagnostics/check.ts';
import { readDraws } from '../../diagnostics/readDraws.ts';
import { ModelError } from '../errors.ts';
import { fromJson } from '../files/fromJson.ts';
import type { Fit } from '../mcmc/fit.ts';
import { checkText } from '../report/text.ts';
import { check as checkFit } from '../summary/checks/check.ts';
import { type Command, JSON_OPTION, printJson } from './command.ts';
import { readText } from './files.ts';
import { STATUS } from './io.ts';

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
    const text = readText(args.operands[0]!, io);
    const limits = { rhat: args.number('rhat'), essPerChain: args.number('ess-per-chain') };
    const fit = wholeFit(text);
    const verdict = fit ? checkFit(fit, limits) : checkDraws(readDraws(text), limits);
    if (args.flag('json')) printJson(io, verdict);
    else io.stdout.write(`${checkText(verdict)}\n`);
    return verdict.ok ? STATUS.done : STATUS.untrusted;
  },
};

/** The fit of a fit file that holds its data; null where there are draws alone, of which priors are not known. */
function wholeFit(text: string): Fit | null {
  if (!text.includes('"partial_pooling"')) return null;
  try {
    return fromJson(text);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
