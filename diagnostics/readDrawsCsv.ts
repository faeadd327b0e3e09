import Papa from 'papaparse';
import type { Variable } from './chains.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { guessHint } from './guessHint.ts';

// Names of the columns that are not variables, as posterior, ArviZ, ggmcmc, CmdStan and this package write them.
const CHAIN = /^\.?chain(_id|__)?$/i;
const ITERATION = /^\.?(iteration|iter)$/i;
const DRAW = /^\.?draw$/i;
const SAMPLER = /^(?!lp__$).*__$/;

const SPECIAL: Readonly<Record<string, number>> = {
  na: Number.NaN,
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function toNumber(cell: string | undefined, row: number, column: string): number {
  const text = cell?.trim() ?? '';
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  const special = SPECIAL[text.toLowerCase()];
  if (special !== undefined) return special;
  throw new DiagnosticsError(
    'not-numeric',
    `row ${row} of column "${column}" is ${JSON.stringify(text)}, not a number`,
  );
}

interface Table {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly isStan: boolean;
}

function parseTable(text: string): Table {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',', comments: '#', skipEmptyLines: 'greedy' });
  const fault = errors.find(({ type }) => type === 'Quotes');
  if (fault !== undefined) {
    throw new DiagnosticsError(
      'bad-csv',
      `row ${(fault.row ?? 0) + 1} of the CSV has a faulty quote: ${fault.message}`,
    );
  }
  const [header, ...rows] = data;
  if (header === undefined || rows.length === 0) {
    throw new DiagnosticsError('bad-csv', 'the CSV has no draws; give a header line and one line per draw');
  }
  const short = rows.findIndex((row) => row.length !== header.length);
  if (short >= 0) {
    throw new DiagnosticsError(
      'bad-csv',
      `row ${short + 1} of the CSV has ${rows[short]!.length} cells and the header has ${header.length}; the file may be cut off`,
    );
  }
  const names = header.map((name) => name.trim());
  const twice = names.find((name, k) => name !== '' && names.indexOf(name) !== k);
  if (twice !== undefined)
    throw new DiagnosticsError('bad-csv', `the CSV has two columns "${twice}"; names must differ`);
  return { names, rows, isStan: names.includes('lp__') };
}

/** CmdStan writes theta[1,2] as theta.1.2. */
const stanName = (name: string): string =>
  name.replace(/((?:\.\d+)+)$/, (index) => `[${index.slice(1).replaceAll('.', ',')}]`);

/** Rows of the table by chain label, labels in order of first appearance (numbers in numeric order), each in order of iteration. */
function rowsByChain({ names, rows }: Table): Map<string, number[]> {
  const chainColumn = names.findIndex((name) => CHAIN.test(name));
  const iterationColumn = names.findIndex((name) => ITERATION.test(name));
  const orderColumn = iterationColumn >= 0 ? iterationColumn : names.findIndex((name) => DRAW.test(name));
  const groups = new Map<string, number[]>();
  rows.forEach((row, r) => {
    const label = chainColumn < 0 ? '1' : row[chainColumn]!.trim();
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [r]);
    else group.push(r);
  });
  if (orderColumn >= 0) {
    for (const [label, group] of groups) {
      const at = new Map(group.map((r) => [r, toNumber(rows[r]![orderColumn], r + 1, names[orderColumn]!)]));
      group.sort((a, b) => at.get(a)! - at.get(b)!);
      const again = group.findIndex((r, k) => k > 0 && at.get(r) === at.get(group[k - 1]!));
      if (again >= 0) {
        throw new DiagnosticsError(
          'bad-csv',
          `${names[orderColumn]} ${at.get(group[again]!)} appears twice in chain ${label}; give each chain its number in a column "chain"`,
        );
      }
    }
  }
  const labels = [...groups.keys()];
  if (labels.every((label) => label !== '' && !Number.isNaN(Number(label))))
    labels.sort((a, b) => Number(a) - Number(b));
  return new Map(labels.map((label) => [label, groups.get(label)!]));
}

/** One column per variable. */
function fromWide(table: Table): Variable[] {
  const chains = [...rowsByChain(table).values()];
  const variables: Variable[] = [];
  table.names.forEach((name, k) => {
    if (name === '' || CHAIN.test(name) || ITERATION.test(name) || DRAW.test(name) || SAMPLER.test(name)) return;
    variables.push({
      name: table.isStan ? stanName(name) : name,
      chains: chains.map((rows) => Float64Array.from(rows, (r) => toNumber(table.rows[r]![k], r + 1, name))),
    });
  });
  return variables;
}

/** One row per draw of one variable, with the columns variable and value. */
function fromLong(table: Table, variableColumn: number, valueColumn: number): Variable[] {
  const groups = new Map<string, string[][]>();
  for (const row of table.rows) {
    const name = row[variableColumn]!.trim();
    const kept = row.map((cell, k) => (k === variableColumn ? '' : cell));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [kept]);
    else group.push(kept);
  }
  const names = table.names.map((name, k) => (k === valueColumn ? 'value' : k === variableColumn ? '' : name));
  return [...groups].map(([name, rows]) => {
    const chains = [...rowsByChain({ names, rows, isStan: false }).values()];
    const column = (members: number[]) =>
      Float64Array.from(members, (r) => toNumber(rows[r]![valueColumn], r + 1, name));
    return { name, chains: chains.map(column) };
  });
}

function fromText(text: string): Variable[] {
  const table = parseTable(text);
  const variableColumn = table.names.findIndex((name) => /^(variable|parameter)$/i.test(name));
  const valueColumn = table.names.findIndex((name) => /^value$/i.test(name));
  return variableColumn >= 0 && valueColumn >= 0 ? fromLong(table, variableColumn, valueColumn) : fromWide(table);
}

/**
 * Draws from CSV text: one column per variable and a column `chain` (`.chain`, `chain__`, `chain_id`) that numbers the
 * chains, or the long form with the columns variable, value and chain. Without a chain column the text is one chain; an array of texts
 * is one chain per text, as CmdStan writes them. An iteration (else draw) column puts the draws of each chain in order.
 *
 * Lines starting with # are skipped, as are columns without a name and Stan's sampler columns (`stepsize__`; `lp__` stays).
 * In a Stan file `theta.1.2` is named `theta[1,2]`. NA and NaN become NaN, Inf and -Inf infinities. Hints are guessed as
 * `guessHint` says. Throws DiagnosticsError `bad-csv`, `not-numeric`, `unequal-chains`, `no-variables`, naming the place.
 */
export function readDrawsCsv(text: string | readonly string[]): Variable[] {
  const files = (typeof text === 'string' ? [text] : text).map(fromText);
  const [first] = files;
  if (first === undefined || first.length === 0) {
    throw new DiagnosticsError('no-variables', 'the CSV holds no variables; give one column of draws per variable');
  }
  const byName = files.map((file) => new Map(file.map(({ name, chains }) => [name, chains])));
  const variables = first.map(({ name }) => ({
    name,
    chains: byName.flatMap((file, f) => {
      const chains = file.get(name);
      if (chains !== undefined) return chains;
      throw new DiagnosticsError(
        'bad-csv',
        `file ${f + 1} has no column "${name}", which file 1 has; all must hold the same variables`,
      );
    }),
  }));
  for (const { name, chains } of variables) {
    const odd = chains.findIndex((chain) => chain.length !== chains[0]!.length);
    if (odd >= 0) {
      throw new DiagnosticsError(
        'unequal-chains',
        `chain ${odd + 1} of ${name} has ${chains[odd]!.length} draws and chain 1 has ${chains[0]!.length}; all chains must have one length`,
      );
    }
  }
  return guessHint(variables);
}
