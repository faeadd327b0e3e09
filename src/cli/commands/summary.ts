import { sensitivityText } from '../../report/sensitivityText.ts';
import { oddsText } from '../../report/text.ts';
import { check } from '../../summary/checks/check.ts';
import { sensitivity } from '../../summary/comparison/sensitivity.ts';
import { odds } from '../../summary/prediction/odds.ts';
import { type Command, JSON_OPTION, printAnswer, printJson } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
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
    if (args.flag('sensitivity')) {
      const found = sensitivity(fit);
      printAnswer(args, io, { sensitivity: found }, () => sensitivityText(found));
      return trust(check(fit));
    }
    if (args.flag('odds')) {
      const rows = odds(fit);
      printAnswer(args, io, { odds: rows }, () => oddsText(rows));
      return trust(check(fit));
    }
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
