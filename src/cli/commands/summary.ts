import type { Fit } from '../../mcmc/fit.ts';
import { sensitivityText } from '../../report/sensitivityText.ts';
import { oddsText } from '../../report/text.ts';
import { check } from '../../summary/checks/check.ts';
import { sensitivity } from '../../summary/comparison/sensitivity.ts';
import { odds } from '../../summary/prediction/odds.ts';
import { type Command, JSON_OPTION, printJson } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import type { Io, Status } from '../io.ts';
import { printSummary, summaryDocument, trust } from '../summaryDocument.ts';

export const summaryCommand: Command = {
  name: 'summary',
  summary: 'summarise the draws of a fit, with the verdict on them',
  operands: [FIT_OPERAND],
  options: [
    { name: 'variables', value: 'A,B', repeat: true, help: 'these only, as in beta,tau_county or b_county' },
    { name: 'odds', help: 'odds and odds ratios of a binomial model with 90% intervals, in place of the coefficients' },
    { name: 'sensitivity', help: 'how far the answer depends on the priors, by weighting the draws' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling summary fit.json --variables beta,sigma',
  run(args, io) {
    const fit = readFit(args, io);
    const variables = args.texts('variables').flatMap(namesIn);
    if (args.flag('sensitivity')) return printSensitivity(fit, args.flag('json'), io);
    if (args.flag('odds')) return printOdds(fit, args.flag('json'), io);
    const document = summaryDocument(fit, variables.length > 0 ? variables : undefined);
    if (args.flag('json')) printJson(io, document);
    else printSummary(fit, document, io, variables.length > 0);
    return trust(document.check);
  },
};

/** Names between commas; a comma inside brackets belongs to the name, as in `u_county[AITKIN,floor]`. */
function namesIn(text: string): string[] {
  const names = text.match(/(?:\[[^\]]*\]|[^,[])+/gu) ?? [];
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function printSensitivity(fit: Fit, json: boolean, io: Io): Status {
  const found = sensitivity(fit);
  if (json) printJson(io, { sensitivity: found });
  else io.stdout.write(`${sensitivityText(found)}\n`);
  return trust(check(fit));
}

function printOdds(fit: Fit, json: boolean, io: Io): Status {
  const rows = odds(fit);
  if (json) printJson(io, { odds: rows });
  else io.stdout.write(`${oddsText(rows)}\n`);
  return trust(check(fit));
}
