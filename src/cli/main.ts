import { DiagnosticsError } from '../../diagnostics/diagnosticsError.ts';
import { ModelError } from '../errors.ts';
import { FIT_FILE_WRITER } from '../files/fitFile.ts';
import { printable, printableJson } from '../input/printable.ts';
import { quote } from '../input/quote.ts';
import type { Command } from './command.ts';
import { commands } from './commands/commands.ts';
import { renderCommandHelp, renderHelp } from './help.ts';
import { type Io, STATUS, type Status } from './io.ts';
import { meantCommand } from './meantCommand.ts';
import { parseArguments } from './parseArguments.ts';
import { printableOn } from './terminal.ts';

/**
 * Runs one command line (without program and script name) and returns the exit status. Throws nothing but what writing
 * to standard output throws.
 */
export async function main(argv: readonly string[], world: Io): Promise<Status> {
  const io = guarded(world);
  const [first, ...rest] = argv;
  if (first === undefined) {
    io.stderr.write(renderHelp(commands));
    return STATUS.input;
  }
  if (first === '--version' || first === '-v') {
    io.stdout.write(`${FIT_FILE_WRITER.version}\n`);
    return STATUS.done;
  }
  const topic = first === 'help' ? rest[0] : first;
  if (topic === undefined || topic === '--help' || topic === '-h') {
    io.stdout.write(renderHelp(commands));
    return STATUS.done;
  }
  const command = commands.find(({ name }) => name === topic);
  if (command === undefined) {
    const names = commands.map(({ name }) => name);
    const near = meantCommand(topic, names);
    const hint = near === undefined ? 'accepted' : `did you mean ${near}? Accepted`;
    io.stderr.write(`partial-pooling: there is no command ${quote(topic)}; ${hint} are ${names.join(', ')}\n`);
    return STATUS.input;
  }
  if (first === 'help' || asksForHelp(rest)) {
    io.stdout.write(renderCommandHelp(command));
    return STATUS.done;
  }
  return attempt(command, rest, io);
}

/** The same world, to which nothing is written that a terminal would run; the progress line alone draws over itself. */
function guarded(io: Io): Io {
  return {
    ...io,
    stdout: { write: (text) => io.stdout.write(printableOn(text, io.terminal)) },
    stderr: { write: (text) => io.stderr.write(printable(text)) },
    line: io.stderr,
  };
}

/** The words that may be options: a text after -- is none. */
function beforeEnd(words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  return end < 0 ? words : words.slice(0, end);
}

function asksForHelp(words: readonly string[]): boolean {
  return beforeEnd(words).some((word) => word === '--help' || word === '-h');
}

/** Whether faults are to be JSON, too; those of the options themselves come before the options are known. */
function asksForJson(words: readonly string[], { options }: Command): boolean {
  return options.some(({ name }) => name === 'json') && beforeEnd(words).includes('--json');
}

/** A sentence of the library that begins with the name of the function, which is that of the command, said already. */
function withoutName(message: string, { name }: Command): string {
  // kFold is kfold, rSquared is r-squared.
  const own = `${name.replaceAll('-', '')}: `;
  return message.toLowerCase().startsWith(own) ? message.slice(own.length) : message;
}

async function attempt(command: Command, words: readonly string[], io: Io): Promise<Status> {
  try {
    return await command.run(parseArguments(words, command), io);
  } catch (error) {
    const mended =
      error instanceof DiagnosticsError || (error instanceof ModelError && error.code !== 'numeric-failure');
    const said = error instanceof Error ? (mended ? error.message : (error.stack ?? error.message)) : String(error);
    const sentence = mended ? withoutName(said, command) : `a fault of this program, not of your input: ${said}`;
    if (asksForJson(words, command)) {
      const { where = null, position = null } = error instanceof ModelError ? error : {};
      const code = mended ? error.code : 'fault';
      const document = { error: { command: command.name, code, where, position, message: sentence } };
      io.stderr.write(`${printableJson(document)}\n`);
    } else io.stderr.write(`partial-pooling ${command.name}: ${sentence}\n`);
    return mended ? STATUS.input : STATUS.fault;
  }
}
