import { type Chains, quote, type Variable } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';
import { guessHint } from '../guessHint.ts';
import type { DrawsTable } from './drawsTable.ts';
import { arrayDraws, unnamedDraws } from './jsonArrays.ts';
import { isArray, isRecord, type Json } from './jsonValues.ts';
import { mcmcChainsRun } from './mcmcChainsRun.ts';
import { type SamplerRun, samplerStatistics } from './samplerRun.ts';
import { checkLengths, tableDraws } from './tableDraws.ts';

type JsonRecord = { readonly [key: string]: Json };

/** The draws of JSON, text or parsed. Throws as `readDrawsJson` does. */
export function jsonRun(source: unknown): SamplerRun {
  const json = typeof source === 'string' ? parse(source) : (source as Json);
  const { variables, sampler } = ofShape(json);
  if (variables.length === 0) throw new DiagnosticsError('no-variables', 'the JSON holds no variables');
  return { variables: guessHint(variables), sampler };
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new DiagnosticsError(
      'bad-json',
      `the draws are not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function ofShape(json: Json): SamplerRun {
  if (isArray(json)) {
    if (json.length === 0 || !json.every(isRecord)) return drawsAlone(unnamedDraws(json));
    const isRows = !Object.values(json[0]!).some((value) => isArray(value) || isRecord(value));
    return isRows ? ofTable(rowsTable(json)) : drawsAlone(listDraws(json));
  }
  if (!isRecord(json)) {
    throw new DiagnosticsError(
      'bad-shape',
      `the draws are ${json === null ? 'null' : `a ${typeof json}`}; give an object { name: [chain][draw] } or an array of chains`,
    );
  }
  if (Object.hasOwn(json, 'value_flat') && Object.hasOwn(json, 'parameters')) return mcmcChainsRun(json);
  const posterior = Object.hasOwn(json, 'posterior') ? json['posterior'] : undefined;
  if (isRecord(posterior)) return arvizRun(json, posterior);
  const values = Object.values(json);
  const isByChain = (value: Json): boolean =>
    isRecord(value) && Object.values(value).length > 0 && Object.values(value).every(isSeries);
  if (values.length > 0 && values.every(isByChain)) return drawsAlone(listDraws(values as JsonRecord[]));
  const isTable = Object.keys(json).some((name) => PLACE.test(name)) && values.every(isSeries);
  if (isTable) return ofTable(columnsTable(json as Readonly<Record<string, readonly Json[]>>));
  return drawsAlone(named(json));
}

/** The columns that tell an object of columns from an object of named chains. */
const PLACE = /^\.?(chain|iteration|draw)$/i;

const isSeries = (value: Json): boolean => isArray(value) && value.length > 0 && !value.some(isArray);

const drawsAlone = (variables: Variable[]): SamplerRun => ({ variables, sampler: {} });

const own = (record: Json | undefined, name: string): Json | undefined =>
  isRecord(record) && Object.hasOwn(record, name) ? record[name] : undefined;

function named(record: JsonRecord, dims?: Json, coords?: Json): Variable[] {
  return Object.entries(record).flatMap(([name, value]) => arrayDraws(name, value, own(dims, name), coords));
}

/** ArviZ' groups, of which sample_stats says what the sampler reports. */
function arvizRun(json: JsonRecord, posterior: JsonRecord): SamplerRun {
  const stats = own(json, 'sample_stats');
  const reports = new Map<string, Chains>(
    Object.entries(isRecord(stats) ? stats : {}).flatMap(([name, value]) =>
      isArray(value) && value.length > 0 && value.every((chain) => isSeries(chain))
        ? arrayDraws(name, value).map((variable) => [variable.name, variable.chains] as const)
        : [],
    ),
  );
  return {
    variables: named(posterior, own(json, 'dims'), own(json, 'coords')),
    sampler: samplerStatistics(reports),
  };
}

/** posterior's draws_list: one object per chain, each { name: [draws] }. */
function listDraws(list: readonly JsonRecord[]): Variable[] {
  return Object.keys(list[0]!).flatMap((name) => {
    const missing = list.findIndex((chain) => !Object.hasOwn(chain, name));
    if (missing >= 0) {
      throw new DiagnosticsError(
        'bad-shape',
        `chain ${missing + 1} has no ${quote(name)}, which chain 1 has; all chains must hold the same variables`,
      );
    }
    return arrayDraws(
      name,
      list.map((chain) => chain[name]!),
    );
  });
}

function ofTable(table: DrawsTable): SamplerRun {
  const run = tableDraws(table);
  checkLengths(run.variables);
  return run;
}

/** Row objects, as toJSON writes a draws_df. */
function rowsTable(rows: readonly JsonRecord[]): DrawsTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { names, rows: rows.map((row) => names.map((name) => cell(own(row, name)))) };
}

function columnsTable(columns: Readonly<Record<string, readonly Json[]>>): DrawsTable {
  const entries = Object.entries(columns);
  const length = entries[0]![1].length;
  const odd = entries.find(([, values]) => values.length !== length);
  if (odd) {
    throw new DiagnosticsError(
      'bad-shape',
      `column ${quote(odd[0])} has ${odd[1].length} values and the first column has ${length}; all must have one length`,
    );
  }
  const rows = Array.from({ length }, (_, r) => entries.map(([, values]) => cell(values[r])));
  return { names: entries.map(([name]) => name), rows };
}

function cell(value: Json | undefined): string {
  return value === null || value === undefined
    ? 'NA'
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
