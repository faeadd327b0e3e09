import type { Command, OptionSpec } from '../command.ts';
import type { Io } from '../io.ts';
import { columnsOfHead } from './columnsOfHead.ts';

/** Options whose value is a file with columns that other words may name. */
const TABLES = ['data', 'newdata'];

/**
 * What may stand for the last of the words typed so far (after the name of the program), each a whole word: commands,
 * options, the words that an option accepts, columns of the file that `--data` or `--newdata` names. None where a file
 * is wanted, so that the shell offers its own.
 */
export function candidates(words: readonly string[], commands: readonly Command[], io: Io): string[] {
  const current = words.at(-1) ?? '';
  const [name] = words;
  if (words.length <= 1) return starting(current, [...commands.map((command) => command.name), 'help']);
  if (name === 'help')
    return words.length === 2
      ? starting(
          current,
          commands.map((command) => command.name),
        )
      : [];
  const command = commands.find((known) => known.name === name);
  if (command === undefined) return [];
  const before = words.slice(1, -1);
  const asked = optionOf(before.at(-1), command);
  if (asked?.value !== undefined) return valuesOf(asked, current, before, io);
  if (current.startsWith('-')) {
    const given = (option: OptionSpec): boolean => option.repeat !== true && before.includes(`--${option.name}`);
    const open = command.options.filter((option) => !given(option)).map((option) => `--${option.name}`);
    return starting(current, [...open, '--help']);
  }
  const choices = command.operands[operandsIn(before, command)]?.values;
  if (choices !== undefined) return starting(current, choices);
  const isFormula = command.operands.some((operand) => operand.name.includes('formula'));
  return isFormula ? inFormula(current, columnsNamed(before, io)) : [];
}

/** How many operands stand among the words after the command. */
function operandsIn(words: readonly string[], command: Command): number {
  const isValue = (i: number): boolean => optionOf(words[i - 1], command)?.value !== undefined;
  return words.filter((word, i) => !word.startsWith('-') && !isValue(i)).length;
}

function optionOf(word: string | undefined, command: Command): OptionSpec | undefined {
  return command.options.find((option) => word === `--${option.name}`);
}

function valuesOf(option: OptionSpec, current: string, before: readonly string[], io: Io): string[] {
  const value = option.value!;
  if (/^[a-z-]+(?:\|[a-z-]+)+$/.test(value)) return starting(current, value.split('|'));
  if (value === 'COLUMN') return starting(current, columnsNamed(before, io));
  if (value !== 'A,B' || option.name !== 'by') return [];
  const done = current.slice(0, current.lastIndexOf(',') + 1);
  return starting(
    current,
    columnsNamed(before, io).map((column) => done + column),
  );
}

/** The formula typed so far with its last name made whole. */
function inFormula(current: string, columns: readonly string[]): string[] {
  const [begun] = /[\p{L}\p{N}._]*$/u.exec(current)!;
  if (begun === '') return [];
  const head = current.slice(0, current.length - begun.length);
  return starting(
    current,
    columns.filter((column) => /^[\p{L}\p{N}._]+$/u.test(column)).map((column) => head + column),
  );
}

function columnsNamed(before: readonly string[], io: Io): string[] {
  return TABLES.flatMap((table) => {
    const at = before.indexOf(`--${table}`);
    const path = at < 0 ? undefined : before[at + 1];
    return path === undefined || path === '-' ? [] : columnsOfHead(path, io);
  });
}

function starting(current: string, words: readonly string[]): string[] {
  return words.filter((word) => word.startsWith(current));
}
