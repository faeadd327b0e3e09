import { printableJson } from '../input/printable.ts';
import type { Arguments } from './arguments.ts';
import type { Io, Status } from './io.ts';
import { fitted } from './terminal.ts';

/** An option of a command. */
export interface OptionSpec {
  /** Without the two hyphens. */
  readonly name: string;
  /** What stands for the value in the help; an option without it is a flag. */
  readonly value?: string;
  /** Whether it may be given more than once. */
  readonly repeat?: boolean;
  readonly help: string;
}

/** A word of the command line that is no option. */
export interface OperandSpec {
  readonly name: string;
  readonly optional?: boolean;
  /** The words accepted, where they are few. */
  readonly values?: readonly string[];
  /** Whether it, the last one, may be given more than once. */
  readonly repeat?: boolean;
  readonly help: string;
}

/** A command: what it takes, and what it does with it. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly operands: readonly OperandSpec[];
  readonly options: readonly OptionSpec[];
  /** A command line that works as it stands. */
  readonly example: string;
  run(args: Arguments, io: Io): Status | Promise<Status>;
}

export const JSON_OPTION: OptionSpec = {
  name: 'json',
  help: 'print one JSON document on standard output, nothing else; a fault is one on standard error',
};

/** Prints a document on one standard-output line; what is not finite is null. */
export function printJson(io: Io, document: unknown): void {
  io.stdout.write(`${printableJson(document)}\n`);
}

/**
 * Prints an answer on standard output: one JSON document where --json is given, with notes on standard error, one line
 * each; else its text, which has the notes.
 */
export function printAnswer(
  args: Arguments,
  io: Io,
  document: unknown,
  text: () => string,
  notes: readonly string[] = [],
): void {
  if (args.flag('json')) {
    printNotes(io, notes);
    printJson(io, document);
  } else printText(io, text());
}

/** Prints a text on standard output, within the width of a terminal. */
export function printText(io: Io, text: string): void {
  io.stdout.write(`${fitted([text], io.terminal).join('\n')}\n`);
}

/** Prints what is to be said of an answer on standard error, one line each. */
export function printNotes(io: Io, notes: readonly string[]): void {
  for (const note of notes) io.stderr.write(`note: ${note}\n`);
}
