import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fromCheckpoint } from '../../src/files/fromJson.ts';
import { cliArguments } from '../programs.ts';

/** How a process ended and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own, in a folder. */
export function start(
  argv: readonly string[],
  cwd: string,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [...cliArguments(), ...argv], { cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}

export const pause = (milliseconds: number): Promise<void> => new Promise((resume) => setTimeout(resume, milliseconds));

/**
 * Waits until a process has used so many seconds of a processor, `loadSeconds` among them: however busy the machine is,
 * it is then at the same work, or at its end if that came first. Where the system does not say (it does on Linux), twice
 * as long passes.
 */
export async function worked({ pid }: ChildProcess, seconds: number): Promise<void> {
  if (process.platform !== 'linux') return pause(2000 * seconds);
  for (let tries = 0; tries < 1200; tries += 1) {
    // Fields 14 and 15, in hundredths of a second; the name before them is in parentheses. One that has ended has no
    // file.
    const file = `/proc/${pid}/stat`;
    if (!existsSync(file)) return;
    const fields = readFileSync(file, 'utf8').split(') ')[1]!.split(' ');
    if ((Number(fields[11]) + Number(fields[12])) / 100 >= seconds) return;
    await pause(20);
  }
}

/** Waits, two minutes at most, until the last checkpoint of a fit has as many draws a chain as a fit needs. */
export async function drew(checkpoint: string): Promise<void> {
  const enough = (): boolean =>
    existsSync(checkpoint) && fromCheckpoint(readFileSync(checkpoint, 'utf8')).fit.draws.iterations >= 4;
  for (let tries = 0; tries < 2400 && !enough(); tries += 1) await pause(50);
}
