import type { Sensitivity, SensitivityDiagnosis } from '../summary/comparison/sensitivity.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

const WORDS: Readonly<Record<SensitivityDiagnosis, string>> = {
  none: '',
  weakLikelihood: 'the prior decides: the data say little of it',
  priorDataConflict: 'prior and data pull it different ways',
};

/** How far the answer depends on the priors, as two tables and what they mean. */
export function sensitivityText(result: Sensitivity): string {
  checkAnswer('sensitivityText', result, 'sensitivity(fit)', 'rows', 'halved');
  const { rows, halved, paretoK } = result;
  const told = rows.some(({ diagnosis }) => diagnosis !== 'none');
  const unsure = Math.max(paretoK.prior, paretoK.likelihood) > 0.7;
  const open = halved.some(({ change }) => change === null);
  return [
    table([
      { title: 'variable', align: 'left', cells: rows.map(({ variable }) => variable) },
      { title: 'prior', cells: rows.map((row) => decimals(row.prior, 3)) },
      { title: 'likelihood', cells: rows.map((row) => decimals(row.likelihood, 3)) },
      { title: 'diagnosis', align: 'left', cells: rows.map(({ diagnosis }) => WORDS[diagnosis]) },
    ]),
    '',
    'How far a posterior moves when the power of its prior, or of the likelihood, is doubled: 0.05 and more is much.',
    ...(told ? [] : ['No quantity depends much on its prior.']),
    ...(unsure ? ['The importance weights are carried by few draws (Pareto k above 0.7): not to be relied on.'] : []),
    ...(halved.length === 0
      ? []
      : [
          '',
          table([
            { title: 'scale halved', align: 'left', cells: halved.map(({ variable }) => variable) },
            { title: 'prior', align: 'left', cells: halved.map(({ prior }) => prior) },
            { title: 'mean', cells: halved.map((row) => digits(row.mean, row.mean / 20)) },
            { title: 'would be', cells: halved.map((row) => digits(row.halved, row.mean / 20)) },
            { title: 'in sds', cells: halved.map((row) => decimals(row.change, 2)) },
          ]),
          ...(open ? ['-: draws cannot be weighted that far; fit the model with that prior.'] : []),
        ]),
  ].join('\n');
}
