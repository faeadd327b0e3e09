import Papa from 'papaparse';
import { quote } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';
import { codaTexts } from './codaDraws.ts';
import type { DrawsTable } from './drawsTable.ts';
import type { SamplerRun } from './samplerRun.ts';
import { type StanHeader, stanHeader } from './stanHeader.ts';
import { tableDraws } from './tableDraws.ts';

/** The draws of one CSV text. Throws as `readDrawsCsv` does. */
export function csvRun(text: string): SamplerRun {
  if (codaTexts([text]) !== null) {
    throw new DiagnosticsError(
      'bad-csv',
      'the text is an index or a chain of CODA; give them together, the index and each chain: check CODAindex.txt CODAchain1.txt CODAchain2.txt',
    );
  }
  const header = stanHeader(text);
  const table = csvTable(text, header.warmupRows);
  const isStan = header.isStan || ['lp__', 'accept_stat__'].every((name) => table.names.includes(name));
  const { variables, sampler } = tableDraws(table, header.largestDepth);
  return {
    variables: variables.flatMap(({ name, ...rest }) =>
      name === 'lp__' && header.fixedParam && standsStill(rest.chains)
        ? []
        : [{ ...rest, name: isStan ? stanName(name, header) : name }],
    ),
    sampler,
  };
}

function csvTable(text: string, skipped: number): DrawsTable {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', comments: '#', skipEmptyLines: 'greedy' });
  const fault = errors.find(({ type }) => type === 'Quotes');
  if (fault !== undefined) {
    throw new DiagnosticsError(
      'bad-csv',
      `row ${(fault.row ?? 0) + 1} of the CSV has a faulty quote: ${fault.message}`,
    );
  }
  const [header, ...all] = data;
  if (header === undefined || all.length === 0) {
    throw new DiagnosticsError('bad-csv', 'the CSV has no draws; give a header line and one line per draw');
  }
  const rows = all.slice(skipped);
  if (rows.length === 0) {
    throw new DiagnosticsError(
      'bad-csv',
      `the CSV has ${all.length} rows, and all of them are warm-up (save_warmup), no draws`,
    );
  }
  const short = all.findIndex((row) => row.length !== header.length);
  if (short >= 0) {
    throw new DiagnosticsError(
      'bad-csv',
      `row ${short + 1} of the CSV has ${all[short]!.length} cells and the header has ${header.length}; the file may be cut off`,
    );
  }
  const names = header.map((name) => name.trim());
  const seen = new Set<string>();
  for (const name of names) {
    if (name !== '' && seen.has(name))
      throw new DiagnosticsError('bad-csv', `the CSV has two columns ${quote(name)}; names must differ`);
    seen.add(name);
  }
  return { names, rows };
}

/** CmdStan writes theta[1,2] as theta.1.2; our own file says in its comments what each column is. */
function stanName(name: string, { labels }: StanHeader): string {
  return labels.get(name) ?? name.replace(/((?:\.\d+)+)$/, (index) => `[${index.slice(1).replaceAll('.', ',')}]`);
}

function standsStill(chains: readonly ArrayLike<number>[]): boolean {
  const first = chains[0]?.[0];
  return chains.every((chain) => Array.prototype.every.call(chain, (draw) => draw === first));
}
