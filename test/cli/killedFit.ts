import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { createRng } from '../../src/random/rng.ts';
import { loadSeconds } from '../programs.ts';
import { start, worked } from './realProcess.ts';

/** What became of a fit that was killed. */
export interface KilledFit {
  /** How often it was killed; less than asked for where it ended before. */
  readonly kills: number;
  /** Whether the fit at the end is that of a run without a cut, to the byte. */
  readonly same: boolean;
  /** What was printed to standard error in the end. */
  readonly faults: readonly string[];
}

/**
 * A fit as a process of its own, in a folder that has its data, killed (SIGKILL) again and again after random times of
 * work, in this thread and in workers, and resumed from its checkpoint; beside it the same fit without a cut,
 * `whole.json`. `more` are further options of the fit.
 */
export async function killedFit(
  folder: string,
  model: readonly string[],
  {
    kills: most,
    seed,
    more = [],
  }: { readonly kills: number; readonly seed: number; readonly more?: readonly string[] },
): Promise<KilledFit> {
  const timeless = (name: string): string =>
    toJson(fromJson(readFileSync(join(folder, name), 'utf8')), { times: false });
  const fit = ['fit', ...model, '--chains', '2', '--warmup', '1500', '--iterations', String(1750 * most), ...more];
  await start([...fit, '--out', 'whole.json', '--compact'], folder).ended;
  const rng = createRng([seed]);
  let kills = 0;
  const cut = async (argv: readonly string[]): Promise<boolean> => {
    const { child, ended } = start([...argv, '--workers', kills % 2 === 0 ? 'none' : '2', '--every', '0.02'], folder);
    await worked(child, loadSeconds() + 0.8 * rng.uniform());
    child.kill('SIGKILL');
    return (await ended).signal === 'SIGKILL';
  };
  for (; kills < 2 || !existsSync(join(folder, 'run.checkpoint')); kills += 1) {
    await cut([...fit, '--checkpoint', 'run.checkpoint', '--out', 'cut.json', '--compact']);
  }
  const resume = ['resume', 'run.checkpoint', '--out', 'cut.json', '--compact'];
  let going = true;
  for (; going && kills < most; kills += going ? 1 : 0) going = await cut(resume);
  const { stderr } = going ? await start(resume, folder).ended : { stderr: '' };
  const faults = stderr.split('\n').filter((line) => line !== '');
  return { kills, same: timeless('cut.json') === timeless('whole.json'), faults };
}
