import type { GroupTerm } from '../../../design/design.ts';
import { nearestNames } from '../../../input/nearestNames.ts';
import { optionError } from '../../../input/optionError.ts';
import { factorPosition, type ModelFit } from '../../../summary/modelFit.ts';

/** A grouping factor and one of its varying terms. */
export interface ChosenTerm {
  readonly f: number;
  readonly k: number;
  readonly term: GroupTerm;
  readonly label: string;
}

/** The term asked for, the first where none is. Throws `unknown-factor` and `option`. */
export function groupTermOf(fit: ModelFit, factor: string, label: string | undefined): ChosenTerm {
  const f = factorPosition(fit.design, factor);
  const term = fit.design.groupTerms[f]!;
  const k = label === undefined ? 0 : term.labels.indexOf(label);
  if (k < 0)
    throw optionError(
      'term',
      label,
      `a term that varies by ${factor}: ${nearestNames(label!, term.labels, 8).join(', ')}`,
    );
  return { f, k, term, label: term.labels[k]! };
}

/** What a row of the model is called: trials where they are counted. */
export function rowNoun(fit: ModelFit): string {
  return fit.design.response.trials ? 'trial' : 'row';
}
