import { columnNotes } from '../../design/columnNotes.ts';
import type { FamilyName } from '../../families/family.ts';
import { familyNamed, familyOf } from '../../families/familyOf.ts';
import { coefficientTests } from '../../likelihood/inference/satterthwaite.ts';
import { maximumLikelihood } from '../../likelihood/maximumLikelihood.ts';
import type {
  FittedResiduals,
  LikelihoodMethod,
  MaximumLikelihoodFit,
  ProbeErrors,
} from '../../likelihood/maximumLikelihoodFit.ts';
import { maximumLikelihoodText } from '../../report/text.ts';
import { fixef, ranef, varCorr } from '../../summary/estimates.ts';
import { type Command, JSON_OPTION, type OptionSpec, printJson, printText } from '../command.ts';
import { noteDesign, rankDeficiency } from '../designNotes.ts';
import { outPath, writeOut } from '../files/outFile.ts';
import { STATUS } from '../io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, modelArguments } from '../modelArguments.ts';

/** The criteria of a likelihood fit. */
export const METHODS: readonly LikelihoodMethod[] = ['REML', 'ML', 'laplace', 'agq'];

export const METHOD_OPTION: OptionSpec = {
  name: 'method',
  value: 'NAME',
  help: 'gaussian: REML (default) or ML; binomial and probit: laplace (default) or agq, adaptive quadrature',
};

/** The criterion that is used unless another is asked for. */
export function defaultMethod(family: FamilyName): LikelihoodMethod {
  return familyNamed(family).conjugate === 'normal' ? 'REML' : 'laplace';
}

export const mlCommand: Command = {
  name: 'ml',
  summary: 'fit a model by maximum likelihood or REML',
  operands: [FORMULA_OPERAND],
  options: [
    ...DATA_OPTIONS,
    METHOD_OPTION,
    { name: 'points', value: 'N', help: 'quadrature points of agq (9)' },
    { name: 'out', value: 'FILE', help: 'write the estimates as JSON, for compare' },
    JSON_OPTION,
  ],
  example: 'partial-pooling ml "log_radon ~ floor + (1 | county)" --data radon.csv --method ML',
  async run(args, io) {
    const out = outPath(args, io);
    const method = args.choice('method', METHODS);
    const { graph, data, missing, rankDeficient } = await modelArguments(args, io);
    const points = args.whole('points');
    const fit = maximumLikelihood(graph, data, { method, missing, rankDeficient, points });
    const json = args.flag('json');
    // Its tests take evaluations of their own.
    const document = json || out !== undefined ? likelihoodDocument(fit) : null;
    try {
      if (out !== undefined) writeOut(out, [`${JSON.stringify(document)}\n`], io);
    } finally {
      noteDesign(fit.design, io, json);
      if (json) printJson(io, document);
      else printText(io, maximumLikelihoodText(fit));
    }
    return fit.convergence.converged && fit.identified ? STATUS.done : STATUS.untrusted;
  },
};

/**
 * The document of `ml`: estimates with tests and 90% intervals, criterion, how the optimum was checked and what is to
 * be known of it, boundary, conditional modes.
 */
function likelihoodDocument(fit: MaximumLikelihoodFit): object {
  const { method, sigma, logLik, deviance, aic, bic, boundary, convergence, identified, unidentified, optima } = fit;
  const { parameter } = familyOf(fit.design);
  const tests = new Map(coefficientTests(fit).map((test) => [test.label, test]));
  return {
    method,
    fixef: fixef(fit, { leftOut: true }).map((row) => {
      const test = tests.get(row.term);
      if (test === undefined) return row;
      const { lower, upper, t, df, pValue } = test;
      // z tests have no degrees of freedom, and JSON has no infinity.
      return { ...row, lower, upper, statistic: t, df: Number.isFinite(df) ? df : null, pValue };
    }),
    ...(fit.thresholds
      ? {
          thresholds: fit.thresholds.labels.map((threshold, k) => ({
            threshold,
            estimate: fit.thresholds!.estimates[k]!,
            se: fit.thresholds!.standardErrors[k]!,
          })),
        }
      : {}),
    ...rankDeficiency(fit.design),
    varCorr: varCorr(fit).map((row) => {
      if (row.term2 !== null && row.corr === null) return { ...row, reason: 'one of the two sds is estimated as 0' };
      return row.term2 === null && row.sd === null ? { ...row, reason: 'not identified' } : row;
    }),
    sigma,
    ...(fit.residual ? { residual: residualDocument(fit.residual) } : {}),
    ...(parameter ? { [parameter]: fit.own } : {}),
    logLik,
    deviance,
    ...(fit.approximation ? { approximation: probeDocument(fit, fit.approximation) } : {}),
    aic,
    bic,
    converged: convergence.converged,
    curvature: convergence.curvature,
    identified,
    unidentified,
    optima,
    messages: [...(convergence.message === '' ? [] : [convergence.message]), ...fit.messages],
    boundary,
    notes: columnNotes(fit.design),
    ranef: ranef(fit),
  };
}

/** Monte Carlo standard errors by the names that draws of the same model have. */
function probeDocument({ groups }: MaximumLikelihoodFit, { kind, probes, deviance, tau, sigma }: ProbeErrors): object {
  const sds = groups.flatMap(({ factor, labels }, f) =>
    labels.map((label, k) => [`tau_${factor}[${label}]`, tau[f]![k]!] as const),
  );
  const standardErrors = { deviance, ...Object.fromEntries(sds), ...(sigma === null ? {} : { sigma }) };
  return { kind, probes, standardErrors };
}

/** The structure of the residuals and their parameters by name. */
function residualDocument({ structure, parameters, sds }: FittedResiduals): object {
  return { structure, parameters, sds };
}
