import { familyNamed } from '../../families/familyOf.ts';
import { graphParts } from '../../graph/formulaText.ts';
import { anova } from '../../likelihood/inference/anova.ts';
import { maximumLikelihood } from '../../likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { anovaText } from '../../report/anovaText.ts';
import { type Command, JSON_OPTION, printAnswer } from '../command.ts';
import { noteDesign } from '../designNotes.ts';
import { STATUS } from '../io.ts';
import { DATA_OPTIONS, FORMULA_OPERAND, modelArguments } from '../modelArguments.ts';
import { METHOD_OPTION, METHODS } from './ml.ts';

export const anovaCommand: Command = {
  name: 'anova',
  summary: 'maximum likelihood fits of several models side by side: AIC, BIC, likelihood ratios',
  operands: [{ ...FORMULA_OPERAND, repeat: true, help: 'the models, each in quotes' }],
  options: [
    ...DATA_OPTIONS,
    {
      ...METHOD_OPTION,
      help: 'gaussian: ML (default) or REML, for models of one population part; others: laplace or agq',
    },
    { name: 'points', value: 'N', help: 'quadrature points of agq (9)' },
    JSON_OPTION,
  ],
  example: 'partial-pooling anova "log_radon ~ floor" "log_radon ~ floor + (1 | county)" --data radon.csv',
  async run(args, io) {
    const method = args.choice('method', METHODS);
    const points = args.whole('points');
    const fits: Record<string, MaximumLikelihoodFit> = {};
    for (const text of args.operands) {
      const { graph, data, missing, rankDeficient } = await modelArguments(args, io, text);
      const chosen =
        method ?? (familyNamed(graphParts(graph).response.family).conjugate === 'normal' ? 'ML' : 'laplace');
      fits[text] = maximumLikelihood(graph, data, { method: chosen, missing, rankDeficient, points });
      noteDesign(fits[text].design, io, args.flag('json'));
    }
    const result = anova(fits);
    printAnswer(args, io, result, () => anovaText(result));
    return Object.values(fits).every(({ convergence, identified }) => convergence.converged && identified)
      ? STATUS.done
      : STATUS.untrusted;
  },
};
