import { DiagnosticsError } from '../../diagnostics/diagnosticsError.ts';
import { ModelError } from '../errors.ts';
import { FIT_FILE_WRITER } from '../files/fitFile.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { printable } from '../input/printable.ts';
import { quote } from '../input/quote.ts';
import type { Command } from './command.ts';
import { commands } from './commands/commands.ts';
import { renderCommandHelp, renderHelp } from './help.ts';
import { type Io, STATUS, type Status } from './io.ts';
import { parseArguments } from './parseArguments.ts';
import { printableOn } from './terminal.ts';

/** Runs one command line (without program and script name) and returns the exit status. Never throws. */
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
    const near = nearestNames(topic, names, 1)[0]!;
    io.stderr.write(
      `partial-pooling: there is no command ${quote(topic)}; did you mean ${near}? Accepted are ${names.join(', ')}\n`,
    );
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

/** Whether --help stands among the options (a text after -- is none). */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  return (end < 0 ? words : words.slice(0, end)).some((word) => word === '--help' || word === '-h');
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
    const place = `partial-pooling ${command.name}`;
    if (error instanceof DiagnosticsError || (error instanceof ModelError && error.code !== 'numeric-failure')) {
      io.stderr.write(`${place}: ${withoutName(error.message, command)}\n`);
      return STATUS.input;
    }
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr.write(`${place}: a fault of this program, not of your input: ${said}\n`);
    return STATUS.fault;
  }
}
