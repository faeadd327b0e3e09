import { printable } from '../input/printable.ts';
import type { KFold } from '../summary/comparison/kFoldResult.ts';
import type { LeaveOneOut } from '../summary/comparison/leaveUnitsOut.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals } from './digits.ts';
import { table } from './table.ts';

/** Units with a large Pareto k that are named. */
const NAMED = 20;

/** How well a model predicts what was left out, with its standard error, and what of it is not to be trusted. */
export function crossValidationText(result: LeaveOneOut | KFold): string {
  checkAnswer('crossValidationText', result, 'leaveOneOut(fit)', 'elpd', 'pointwise', 'levels');
  const { by, elpd, ic, levels, rowNumbers, pointwise } = result;
  const count = pointwise.elpd.length;
  const what = by === null ? `${count} rows` : `${count} groups of ${by}, their deviations integrated out`;
  const sums = [
    ['elpd', elpd] as const,
    ...(result.kind === 'loo' ? [['p', result.p] as const] : []),
    [result.kind === 'loo' ? 'looic' : 'kfoldic', ic] as const,
  ];
  const body = [
    result.kind === 'loo' ? `Leave-one-out over ${what}` : `${result.folds}-fold cross-validation over ${what}`,
    '',
    table([
      { title: '', align: 'left', cells: sums.map(([name]) => name) },
      { title: 'estimate', cells: sums.map(([, { estimate }]) => decimals(estimate, 1)) },
      { title: 'se', cells: sums.map(([, { se }]) => decimals(se, 1)) },
    ]),
  ];
  if (result.kind === 'kfold') return body.join('\n');
  const { above, paretoKThreshold } = result;
  const { paretoK } = result.pointwise;
  const limit = paretoKThreshold.toFixed(2);
  if (above.length === 0) return [...body, '', `Every Pareto k is below ${limit}.`].join('\n');
  const worst = [...above].sort((a, b) => paretoK[b]! - paretoK[a]!).slice(0, NAMED);
  const name = (at: number): string => (by === null ? `row ${rowNumbers[at]!}` : printable(levels[at]!));
  const named = worst.map((at) => `${name(at)} (${decimals(paretoK[at]!, 2)})`).join(', ');
  const rest = above.length > NAMED ? ` and ${above.length - NAMED} more` : '';
  return [
    ...body,
    '',
    `Pareto k above ${limit}, so that elpd is not to be trusted to its standard error: ${named}${rest}.`,
  ].join('\n');
}
