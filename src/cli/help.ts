import type { Command, OptionSpec } from './command.ts';

/** The list of commands. */
export function renderHelp(commands: readonly Command[]): string {
  return [
    'partial-pooling: Bayesian multilevel models from the command line',
    '',
    'Usage: partial-pooling <command> ...',
    '',
    'Commands:',
    ...twoColumns(commands.map(({ name, summary }) => [name, summary])),
    '',
    ...broken(
      'partial-pooling <command> --help prints what a command takes, with an example; --version prints the version. Exit status: 0 done; 1 a fault of this program; 2 the input or the command is wrong; 3 it ran, and the diagnostics say that the draws, or the estimates of ml, are not to be trusted; 130 and 143 stopped by Ctrl-C or SIGTERM, what was drawn being kept.',
      WIDTH,
    ),
    '',
  ].join('\n');
}

/** What one command takes, with an example. */
export function renderCommandHelp({ name, summary, operands, options, example }: Command): string {
  const words = operands.map(({ name: operand, optional, repeat }) =>
    optional ? `[${operand}${repeat ? '...' : ''}]` : repeat ? `${operand}...` : operand,
  );
  return [
    ...broken(`partial-pooling ${name}: ${summary}`, WIDTH),
    '',
    `Usage: ${['partial-pooling', name, ...words, '[options]'].join(' ')}`,
    '',
    ...twoColumns([
      ...operands.map(({ name: operand, help }) => [operand, help] as const),
      ...options.map(
        (option) => [spelled(option), `${option.help}${option.repeat ? ' (may be repeated)' : ''}`] as const,
      ),
    ]),
    '',
    'Example:',
    ...exampleLines(example),
    '',
  ].join('\n');
}

function spelled({ name, value }: OptionSpec): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/** Columns of the terminal that help is written for, whatever the terminal: as wide as the narrowest that is usual. */
const WIDTH = 80;

/** The widest that the left of two columns may be; what is wider has a line to itself. */
const LEFT = 30;

/** Two columns, the right one broken between words. */
export function twoColumns(rows: readonly (readonly [string, string])[]): string[] {
  const widths = rows.map(([left]) => left.length).filter((width) => width <= LEFT);
  const width = Math.max(0, ...widths);
  const indent = ' '.repeat(width + 4);
  return rows.flatMap(([left, right]) => {
    const lines = broken(right, WIDTH - indent.length);
    const wide = left.length > width;
    const [first, rest] = wide ? [`  ${left}`, lines] : [`  ${left.padEnd(width)}  ${lines[0]!}`, lines.slice(1)];
    return [first, ...rest.map((line) => indent + line)];
  });
}

/** A text in lines of at most `width` characters; a word that is wider stands alone. */
function broken(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** A command in lines as a shell takes them: each but the last ends in a backslash. */
function exampleLines(example: string): string[] {
  const words = example.match(/"[^"]*"|\S+/g) ?? [];
  const lines: string[] = [];
  let line = ' ';
  for (const word of words) {
    if (line.length + 1 + word.length > WIDTH - 2 && line.trim() !== '') {
      lines.push(`${line} \\`);
      line = '   ';
    }
    line = `${line} ${word}`;
  }
  return [...lines, line];
}
