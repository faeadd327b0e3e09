import { ModelError } from '../../errors.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { type Sensitivity, type SensitivityDiagnosis, sensitivity } from '../../summary/comparison/sensitivity.ts';
import { code, escapeHtml, folded, named, tableHtml } from './html.ts';
import { numberHtml } from './numberHtml.ts';

const WORDS: Readonly<Record<SensitivityDiagnosis, string>> = {
  none: 'hardly moves with it',
  weakLikelihood: 'the prior decides: the data say little of it',
  priorDataConflict: 'prior and data pull it different ways',
};

/** From here on importance weights are not to be relied on. */
const RELIABLE = 0.7;
/** A change of this many posterior sds is worth a reader's time. */
const NOTABLE = 0.1;

/**
 * How far the answer depends on the priors: in words what moves with its prior, what halving the scale of each prior
 * would do, and folded the sensitivity of every quantity. A fit that keeps no draws of its groups says why there is
 * none.
 */
export function priorsSection(fit: Fit): string {
  let found: Sensitivity;
  try {
    found = sensitivity(fit);
  } catch (error) {
    if (error instanceof ModelError) return `<p>Not computed: ${escapeHtml(error.message)}.</p>`;
    throw error;
  }
  const { rows, halved, paretoK } = found;
  const moved = rows.filter(({ diagnosis }) => diagnosis !== 'none');
  const unsure = Math.max(paretoK.prior, paretoK.likelihood) > RELIABLE;
  const notable = halved.filter(({ change }) => change !== null && Math.abs(change) >= NOTABLE);
  const sentences = [
    moved.length === 0
      ? 'No quantity depends much on its prior.'
      : `${moved.map(({ variable, diagnosis }) => `${code(variable)}: ${WORDS[diagnosis]}`).join('; ')}.`,
    ...notable.map(
      ({ variable, prior, mean, halved: would }) =>
        `With half the scale of ${named(prior)} the mean of ${code(variable)} would be ${numberHtml(would, mean / 20)} and not ${numberHtml(mean, mean / 20)}.`,
    ),
    ...(unsure ? ['Few draws carry the weights that this was computed with: it is not to be relied on.'] : []),
  ];
  const all = tableHtml(
    'Change of each posterior as the power of the prior, or of the likelihood, is doubled',
    ['quantity', 'prior', 'likelihood', 'in words'],
    rows.map((row) => [
      code(row.variable),
      numberHtml(row.prior, 0.01),
      numberHtml(row.likelihood, 0.01),
      WORDS[row.diagnosis],
    ]),
    [0, 3],
  );
  const scales = tableHtml(
    'What half the scale of a prior would do',
    ['quantity', 'prior', 'mean', 'would be', 'in sds'],
    halved.map(({ variable, prior, mean, halved: would, change }) => [
      code(variable),
      named(prior),
      numberHtml(mean, mean / 20),
      numberHtml(would, mean / 20),
      numberHtml(change, 0.1),
    ]),
    [0, 1],
  );
  return `<p>${sentences.join(' ')}</p>${halved.length > 0 ? scales : ''}${folded('Every quantity', `${all}<p>0.05 and more is much (Kallioinen, Paananen, B\u00fcrkner &amp; Vehtari 2024). The draws were weighted; nothing was fitted anew.</p>`)}`;
}
