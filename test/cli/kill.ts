import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killedFit } from './killedFit.ts';

/**
 * `npm run kill`: fits that keep all draws, and others that keep summaries and thin, killed at random moments and
 * resumed. Ends with status 1 where bytes differ.
 */
const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } });
const kills = Number(values.kills ?? 20);
const seed = Number(values.seed ?? 1);
const rows = Array.from({ length: 600 }, (_, i) => `${(i % 10) + ((i * 7) % 11) * 0.3},${(i * 37) % 97},g${i % 10}`);

for (const more of [[], ['--keep', 'u_g=summary', '--thin', '3']]) {
  const folder = mkdtempSync(join(tmpdir(), 'partial-pooling-kill-'));
  try {
    writeFileSync(join(folder, 'd.csv'), `y,x,g\n${rows.join('\n')}\n`);
    const model = ['y ~ x + (1 + x | g)', '--data', 'd.csv'];
    const { kills: times, same, faults } = await killedFit(folder, model, { kills, seed, more });
    console.log(`${more.join(' ') || 'all draws'}: killed ${times} times, ${same ? 'the same bytes' : 'OTHER BYTES'}`);
    for (const fault of faults) console.log(fault);
    if (!same || faults.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
