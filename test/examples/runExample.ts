import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exampleArguments, sourceExample } from '../programs.ts';

/** What an example printed, and how it ended. */
export interface ExampleRun {
  readonly status: number | null;
  readonly output: string;
  /**
   * The numbers of the first line that begins with `start` (spaces before it aside), in their order after it; throws
   * where no line does.
   */
  numbers(start: string): number[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `examples/NAME.ts` in a process of its own. */
export function runExample(name: string, ...args: readonly string[]): ExampleRun {
  return runProgram(name, [...exampleArguments(name), ...args]);
}

/** The same as `npm run example NAME` does. */
export function runSourceExample(name: string, ...args: readonly string[]): ExampleRun {
  return runProgram(name, [...sourceExample(name), ...args]);
}

function runProgram(name: string, argv: readonly string[]): ExampleRun {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
  const output = stdout + stderr;
  return {
    status,
    output,
    numbers(start) {
      const line = output.split('\n').find((text) => text.trimStart().startsWith(start));
      if (line === undefined) throw new Error(`no line of ${name} begins with "${start}":\n${output}`);
      const rest = line.trimStart().slice(start.length);
      return (rest.match(/(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/g) ?? []).map(Number);
    },
  };
}
