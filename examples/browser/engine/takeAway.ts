import { formatCsv, ModelError, type ModelFit, toFrame, toJson } from '../../../src/index.ts';
import type { Download, DownloadKind, ShownTable } from '../protocol.ts';
import { type GroupFacts, sdOf } from './groupFacts.ts';
import { shown } from './numberWords.ts';

const MOST = 300;

/** A file of the fit. The fit file is without the seconds that sampling took, so that equal fits have equal bytes. */
export async function takeAway(
  kind: DownloadKind,
  fit: ModelFit,
  facts: GroupFacts | null,
  table: string,
): Promise<Download> {
  const stem = table.replace(/\.[^.]*$/, '').replace(/[^\w-]+/g, '-') || 'fit';
  if (kind === 'csv') {
    if (!facts)
      throw new ModelError('no-factor', 'csv', 'nothing varies by group in this model, so there is no table of groups');
    return {
      name: `${stem}-${facts.factor}.csv`.replace(/[^\w.-]+/g, '-'),
      type: 'text/csv',
      text: formatCsv(toFrame(facts.rows.map((row) => ({ ...row })))),
    };
  }
  if (fit.kind !== 'mcmc')
    throw new ModelError('no-draws', kind, 'this file is made of posterior draws: start the chains');
  if (kind === 'json')
    return { name: `${stem}-fit.json`, type: 'application/json', text: toJson(fit, { times: false }) };
  const { report } = await import('./report.ts');
  return { name: `${stem}-report.html`, type: 'text/html', text: report(fit) };
}

/** The table of groups, as far as a page shows it. */
export function shownTable(fit: ModelFit, facts: GroupFacts | null): ShownTable {
  if (!facts)
    return {
      head: ['term', 'estimate'],
      rows: [],
      note: `nothing varies by group in this model of ${fit.design.n} rows`,
    };
  const rows = facts.rows.slice(0, MOST).map((row) => {
    const number = (value: number | null) => (value === null ? 'none' : shown(value, sdOf(row)));
    return [
      row.level,
      ...(facts.terms.length > 1 ? [row.term] : []),
      String(row.n),
      number(row.noPooling),
      number(row.partialPooling),
      `${number(row.q5)} to ${number(row.q95)}`,
      number(row.populationLine),
      row.shrinkageWeight.toFixed(2),
    ];
  });
  return {
    head: [
      facts.factor,
      ...(facts.terms.length > 1 ? ['term'] : []),
      'n',
      'own data alone',
      'model',
      '90% interval',
      'common line',
      'weight of the line',
    ],
    rows,
    note: facts.rows.length > MOST ? `The first ${MOST} of ${facts.rows.length} rows; the CSV has all.` : '',
  };
}
