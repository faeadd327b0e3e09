import type { Chains, Variable } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';
import { CHAIN, cellNumber, DRAW, type DrawsTable, ITERATION, orderColumn, rowsByChain } from './drawsTable.ts';
import { indexedDraws } from './indexedDraws.ts';
import { type SamplerRun, samplerStatistics } from './samplerRun.ts';

/** Stan's columns that are no quantities of a model. */
const SAMPLER = /^(?!lp__$)[A-Za-z]\w*__$/;
/** Turing's internals, which MCMCChains writes among the quantities of a model where it was NUTS that drew. */
const INTERNALS = [
  'n_steps',
  'is_accept',
  'acceptance_rate',
  'log_density',
  'hamiltonian_energy',
  'hamiltonian_energy_error',
  'max_hamiltonian_energy_error',
  'tree_depth',
  'numerical_error',
  'step_size',
  'nom_step_size',
];

const isPlace = (name: string): boolean => CHAIN.test(name) || ITERATION.test(name) || DRAW.test(name);

/**
 * The draws of a table, in one of four forms: a column per quantity and a row per draw (wide); a row per draw and
 * quantity, with columns `variable` and `value` (long; `.variable` and `.value` of tidybayes, whose further columns are
 * indices); and a row per draw and index (`indexedDraws`).
 */
export function tableDraws(table: DrawsTable, largestDepth: number | null = null): SamplerRun {
  const variable = table.names.findIndex((name) => /^\.?(variable|parameter)$/i.test(name));
  const value = table.names.findIndex((name) => /^\.?value$/i.test(name));
  if (variable >= 0 && value >= 0) return { variables: longDraws(table, variable, value), sampler: {} };
  return wideDraws(table, largestDepth);
}

function wideDraws(table: DrawsTable, largestDepth: number | null): SamplerRun {
  const turing = ['numerical_error', 'hamiltonian_energy'].every((name) => table.names.includes(name));
  const isSampler = (name: string): boolean => SAMPLER.test(name) || (turing && INTERNALS.includes(name));
  const named = table.names.flatMap((name, column) =>
    name === '' || isPlace(name) ? [] : [{ name, column, sampler: isSampler(name) }],
  );
  if (repeatsDraws(table)) {
    const columns = named.filter(({ sampler }) => !sampler).map(({ column }) => column);
    const apart = indexedDraws(table, columns);
    if (apart !== null) return { variables: apart, sampler: {} };
  }
  const chains = [...rowsByChain(table).values()];
  const series = named.map(({ name, column, sampler }) => ({
    name,
    sampler,
    chains: chains.map((rows) => Float64Array.from(rows, (r) => cellNumber(table.rows[r]![column], r, name))),
  }));
  const reports = new Map<string, Chains>(series.filter((s) => s.sampler).map((s) => [s.name, s.chains]));
  return {
    variables: series.filter((s) => !s.sampler).map(({ name, chains }) => ({ name, chains })),
    sampler: samplerStatistics(reports, largestDepth),
  };
}

/** Whether a chain has one draw in several rows. */
function repeatsDraws(table: DrawsTable): boolean {
  const order = orderColumn(table);
  if (order < 0) return false;
  const chain = table.names.findIndex((name) => CHAIN.test(name));
  const seen = new Set<string>();
  return table.rows.some((row) => {
    const place = `${chain < 0 ? '' : row[chain]!.trim()}\n${row[order]!.trim()}`;
    return seen.size === seen.add(place).size;
  });
}

/** One row per draw of one variable. */
function longDraws(table: DrawsTable, variable: number, value: number): Variable[] {
  const indices = table.names[variable]!.startsWith('.')
    ? table.names.flatMap((name, k) => (k === variable || k === value || name === '' || isPlace(name) ? [] : [k]))
    : [];
  const groups = new Map<string, string[][]>();
  for (const row of table.rows) {
    const at = indices.map((k) => row[k]!.trim()).filter((cell) => cell !== '' && cell.toLowerCase() !== 'na');
    const plain = row[variable]!.trim();
    const name = at.length > 0 ? `${plain}[${at.join(',')}]` : plain;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row as string[]]);
    else group.push(row as string[]);
  }
  return [...groups].map(([name, rows]) => {
    const chains = [...rowsByChain({ names: table.names, rows }).values()];
    return {
      name,
      chains: chains.map((members) => Float64Array.from(members, (r) => cellNumber(rows[r]![value], r, name))),
    };
  });
}

/** Throws `unequal-chains` where the chains of a quantity differ in length. */
export function checkLengths(variables: readonly Variable[]): void {
  for (const { name, chains } of variables) {
    const odd = chains.findIndex((chain) => chain.length !== chains[0]!.length);
    if (odd >= 0) {
      throw new DiagnosticsError(
        'unequal-chains',
        `chain ${odd + 1} of ${name} has ${chains[odd]!.length} draws and chain 1 has ${chains[0]!.length}; all chains must have one length`,
      );
    }
  }
}
