import { ModelError } from '../errors.ts';
import { meantOption } from '../input/meantOption.ts';
import { quote } from '../input/quote.ts';
import type { Arguments } from './arguments.ts';
import type { Command, OptionSpec } from './command.ts';

/** A fault of the command line: what was given and what is accepted. */
export function usageError(where: string, sentence: string): ModelError {
  return new ModelError('usage', where, sentence);
}

/**
 * Reads the words after the command: `--name value`, `--name=value`, flags, operands; `--` ends the options. Throws
 * `usage` for an unknown option (with the nearest names and all that are accepted), a missing value, an option given
 * twice, and too many or too few operands.
 */
export function parseArguments(words: readonly string[], command: Command): Arguments {
  const values = new Map<string, string[]>();
  const operands: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i]!;
    if (word === '--') {
      operands.push(...words.slice(i + 1));
      break;
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const spec = optionNamed(equals < 0 ? word : word.slice(0, equals), command);
    let value = '';
    if (spec.value === undefined) {
      if (equals >= 0) throw usageError(word, `--${spec.name} takes no value, but ${quote(word)} was given`);
    } else if (equals >= 0) value = word.slice(equals + 1);
    else {
      i += 1;
      const next = words[i];
      if (next === undefined || next.startsWith('--')) {
        throw usageError(word, `--${spec.name} needs a value: --${spec.name} ${spec.value}`);
      }
      value = next;
    }
    const given = values.get(spec.name) ?? [];
    if (given.length > 0 && !spec.repeat) throw usageError(word, `--${spec.name} was given twice; it is accepted once`);
    values.set(spec.name, [...given, value]);
  }
  checkOperands(operands, command);
  return readers(values, operands);
}

function optionNamed(word: string, command: Command): OptionSpec {
  const spec = command.options.find(({ name }) => word === `--${name}`);
  if (spec) return spec;
  const names = command.options.map(({ name }) => name);
  const near = meantOption(word.replace(/^-+/, '').replaceAll('-', '_'), names);
  const hint = near === undefined ? 'accepted' : `did you mean --${near}? Accepted`;
  throw usageError(
    word,
    `${command.name} has no option ${quote(word)}; ${hint} are ${names.map((name) => `--${name}`).join(', ')}`,
  );
}

function checkOperands(operands: readonly string[], { name, operands: specs, options }: Command): void {
  const missing = specs.find((spec, i) => !spec.optional && operands[i] === undefined);
  if (missing) throw usageError(missing.name, `${name} needs ${missing.name}: ${missing.help}`);
  const extra = operands[specs.length];
  if (extra === undefined || specs.at(-1)?.repeat) return;
  if (
    /\.(?:csv|tsv|txt|json|ndjson|parquet)(?:\.gz)?$/i.test(extra) &&
    options.some((option) => option.name === 'data')
  ) {
    throw usageError(extra, `${name} takes its data by an option: --data ${quote(extra)}`);
  }
  const takes = specs.length === 0 ? 'nothing but options' : specs.map((spec) => spec.name).join(' and ');
  throw usageError(
    extra,
    `${name} takes ${takes}, and ${quote(extra)} is one word too many; quote a text that has spaces`,
  );
}

/** An object of entries by name. Throws `usage` where a name is given twice to an option. */
export function namedOnce<T>(given: readonly (readonly [string, T])[], option: string): Record<string, T> {
  const entries = new Map<string, T>();
  for (const [name, value] of given) {
    if (entries.has(name)) throw usageError(option, `--${option}: ${quote(name)} is given twice; it is accepted once`);
    entries.set(name, value);
  }
  return Object.fromEntries(entries);
}

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function readers(values: ReadonlyMap<string, readonly string[]>, operands: readonly string[]): Arguments {
  const text = (name: string): string | undefined => values.get(name)?.[0];
  const parsed = (name: string, pattern: RegExp, accepted: string): number | undefined => {
    const given = text(name);
    if (given === undefined) return undefined;
    if (!pattern.test(given)) throw usageError(name, `--${name}: got ${quote(given)}; accepted is ${accepted}`);
    return Number(given);
  };
  return {
    operands,
    text,
    flag: (name) => values.has(name),
    texts: (name) => values.get(name) ?? [],
    whole: (name) => parsed(name, WHOLE, 'a whole number'),
    number: (name) => parsed(name, DECIMAL, 'a number'),
    choice(name, accepted) {
      const given = text(name);
      const found = accepted.find((word) => word === given);
      if (given === undefined || found !== undefined) return found;
      throw usageError(name, `--${name}: got ${quote(given)}; accepted is ${accepted.join(', ')}`);
    },
  };
}
