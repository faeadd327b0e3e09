import { columnNotes } from '../../design/columnNotes.ts';
import { deficiencySentence } from '../../design/deficiencySentence.ts';
import { levelObservations, observations, reducedText } from '../../design/observations.ts';
import { fingerprint } from '../../files/fingerprint.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { code, escapeHtml, listHtml, named } from './html.ts';
import { countHtml } from './numberHtml.ts';

/** What was fitted to: rows used and left out, the groups by size, their level-2 columns, and a fingerprint. */
export function dataSection({ design }: Fit): string {
  const { dropped, groupTerms, deficiency, response } = design;
  const columns = [...design.rows.columns.keys()].map(code).join(', ');
  const groups = groupTerms.map((term) => {
    const { factor, J, level2 } = term;
    const sizes = Array.from(levelObservations(design, term)).sort((a, b) => a - b);
    const empty = sizes.filter((size) => size === 0).length;
    const predictors = level2.labels.slice(1).map(code);
    return [
      `${named(factor)}: ${countHtml(J, 'group')} of ${sizes[0]} to ${countHtml(sizes.at(-1)!, 'row')}, half of them of at most ${sizes[Math.ceil(J / 2) - 1]}`,
      empty > 0 ? `${empty} of them without rows` : '',
      predictors.length > 0 ? `level-2 columns ${predictors.join(', ')}` : '',
    ]
      .filter((part) => part !== '')
      .join('; ');
  });
  return listHtml([
    `${countHtml(observations(design), 'row')} used${reducedText(design)}${dropped > 0 ? `, ${dropped} left out for missing values` : ', none left out'}; response ${code(response.label)}`,
    ...groups,
    `columns read: ${columns}`,
    ...(deficiency ? [`<bdi>${escapeHtml(deficiencySentence(deficiency))}</bdi>`] : []),
    ...columnNotes(design).map((note) => `<bdi>${escapeHtml(note)}</bdi>`),
    `fingerprint of these columns: ${code(fingerprint(design))}`,
  ]);
}
