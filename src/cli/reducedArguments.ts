import type { ModelData } from '../data/frame.ts';
import type { ModelGraph } from '../graph/node.ts';
import { fromReduced } from '../reduction/fromReduced.ts';
import { reduce } from '../reduction/reduce.ts';
import type { ReducedValue } from '../reduction/reducedTable.ts';
import { resultColumns } from '../reduction/resultColumns.ts';
import type { Arguments } from './arguments.ts';
import { openTable } from './files/database.ts';
import { READ_OPTIONS, readOptions } from './files/readOptions.ts';
import { tableFile } from './files/tableFile.ts';
import type { Io } from './io.ts';
import { usageError } from './parseArguments.ts';

type Missing = 'error' | 'drop';

/**
 * The data of a model from a database that makes one pass over its rows. Throws what `openTable` and `reduce` throw,
 * and `usage` for options of files.
 */
export async function databaseData(
  path: string,
  graph: ModelGraph,
  args: Arguments,
  missing: Missing,
): Promise<ModelData> {
  const others = [...READ_OPTIONS.map(({ name }) => name).filter((name) => name !== 'text'), 'groups'];
  const other = others.find((name) => args.texts(name).length > 0 || args.text(name) !== undefined);
  if (other !== undefined) {
    const remedy = other === 'groups' ? 'join the table of the groups in a view' : 'cast columns in a view';
    throw usageError(other, `--${other} is for files, and the rows of --data stay in a database; ${remedy}`);
  }
  const table = await openTable(path);
  try {
    const { text } = readOptions(args);
    return fromReduced(graph, await reduce(graph, { ...table.source, missing, ...(text ? { text } : {}) }));
  } finally {
    await table.close();
  }
}

/**
 * The data of a model from the result of the statement that the command `sql` printed. Throws what `fromReduced` throws
 * of it.
 */
export function reducedData(path: string, graph: ModelGraph, args: Arguments, io: Io, missing: Missing): ModelData {
  const options = readOptions(args);
  const text = options.text ?? [];
  // Sums are longer than the digits of a double: they are read as text.
  const names = resultColumns(graph, { text });
  const own = names.flatMap((name) => [name, name.toUpperCase()]);
  const { frame } = tableFile(path, io, { ...options, text: own });
  const columns = [...frame.columns].map(([name, { values }]): [string, ReducedValue[]] => [
    name,
    Array.from<ReducedValue>(values as ArrayLike<ReducedValue>),
  ]);
  return fromReduced(graph, Object.fromEntries(columns), { text, missing });
}
