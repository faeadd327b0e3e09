import { maximumLikelihood } from '../likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import { maximumLikelihoodText } from '../report/text.ts';
import { fixef, ranef, varCorr } from '../summary/estimates.ts';
import { type Command, JSON_OPTION, printJson } from './command.ts';
import { STATUS } from './io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, modelArguments, writeText } from './modelArguments.ts';

export const mlCommand: Command = {
  name: 'ml',
  summary: 'fit a model by maximum likelihood or REML',
  operands: [FORMULA_OPERAND],
  options: [
    ...DATA_OPTIONS,
    { name: 'method', value: 'REML|ML', help: 'the criterion (REML)' },
    { name: 'out', value: 'FILE', help: 'write the estimates as JSON, for compare' },
    JSON_OPTION,
  ],
  example: 'partial-pooling ml "log_radon ~ floor + (1 | county)" --data radon.csv --method ML',
  run(args, io) {
    const method = args.choice('method', ['REML', 'ML']) ?? 'REML';
    const { graph, data, missing } = modelArguments(args, io);
    const fit = maximumLikelihood(graph, data, { method, missing });
    const document = likelihoodDocument(fit);
    const out = args.text('out');
    if (out !== undefined) writeText(out, `${JSON.stringify(document)}\n`, io);
    if (fit.design.dropped > 0) io.stderr.write(`${droppedSentence(fit.design.dropped)}\n`);
    if (args.flag('json')) printJson(io, document);
    else io.stdout.write(`${maximumLikelihoodText(fit)}\n`);
    return STATUS.done;
  },
};

/** The document of `ml`: estimates, criterion, boundary, conditional modes. */
export function likelihoodDocument(fit: MaximumLikelihoodFit): object {
  const { method, sigma, logLik, deviance, aic, bic, boundary } = fit;
  return {
    method,
    fixef: fixef(fit),
    varCorr: varCorr(fit).map((row) =>
      row.term2 !== null && row.corr === null ? { ...row, reason: 'one of the two sds is estimated as 0' } : row,
    ),
    sigma,
    logLik,
    deviance,
    aic,
    bic,
    boundary,
    ranef: ranef(fit),
  };
}

/** What --missing drop did. */
export function droppedSentence(dropped: number): string {
  return `${dropped} ${dropped === 1 ? 'row was' : 'rows were'} left out for missing values`;
}
