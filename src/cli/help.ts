import type { Command, OptionSpec } from './command.ts';

/** The list of commands. */
export function renderHelp(commands: readonly Command[]): string {
  return [
    'partial-pooling: Bayesian multilevel models from the command line',
    '',
    'Usage: partial-pooling <command> ...',
    '',
    'Commands:',
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    'partial-pooling <command> --help prints what a command takes, with an example; --version prints the version.',
    'Exit status: 0 done; 1 a fault of this program; 2 the input or the command is wrong; 3 it ran, and the diagnostics',
    'say that the draws, or the estimates of ml, are not to be trusted; 130 and 143 stopped by Ctrl-C or SIGTERM, what',
    'was drawn being kept.',
    '',
  ].join('\n');
}

/** What one command takes, with an example. */
export function renderCommandHelp({ name, summary, operands, options, example }: Command): string {
  const words = operands.map(({ name: operand, optional, repeat }) =>
    optional ? `[${operand}]` : repeat ? `${operand}...` : operand,
  );
  return [
    `partial-pooling ${name}: ${summary}`,
    '',
    `Usage: ${['partial-pooling', name, ...words, '[options]'].join(' ')}`,
    '',
    ...columns([
      ...operands.map(({ name: operand, help }) => [operand, help] as const),
      ...options.map(
        (option) => [spelled(option), `${option.help}${option.repeat ? ' (may be repeated)' : ''}`] as const,
      ),
    ]),
    '',
    'Example:',
    `  ${example}`,
    '',
  ].join('\n');
}

function spelled({ name, value }: OptionSpec): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
