import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type * as Library from '../../src/index.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { cpuSeconds } from './cpuSeconds.ts';
import { models } from './models.ts';

/** Fits short enough for the start to matter, and longer ones. */
const FITS = [
  ['radon_M4', 50_000],
  ['radon_M4', 150_000],
  ['voters_sim', 20_000],
  ['voters_sim', 60_000],
] as const;

/**
 * A table of the seconds that four chains take in turn and in two workers of the built library, by the clock and of the
 * processors.
 */
export async function inWorkers(rounds = 3): Promise<string[]> {
  const built = new URL('../../dist/index.js', import.meta.url);
  if (!existsSync(fileURLToPath(built))) return ['Not measured: run npm run build first.'];
  const { formula, sample } = (await import(built.href)) as typeof Library;
  const lines: string[] = [];
  for (const [name, iterations] of FITS) {
    const model = models.find((each) => each.name === name)!;
    const graph = formula(model.text, { family: model.family });
    const rows = fixtureFrame(model.file);
    const best = { turn: Infinity, workers: Infinity };
    const seconds: Record<keyof typeof best, string[]> = { turn: [], workers: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const way of ['turn', 'workers'] as const) {
        const cpu = cpuSeconds();
        const start = performance.now();
        await sample(graph, { rows }, { iterations, seed: 1, workers: way === 'turn' ? false : 2 });
        const wall = (performance.now() - start) / 1000;
        best[way] = Math.min(best[way], wall);
        seconds[way].push(`${wall.toFixed(1)} (${(cpuSeconds() - cpu).toFixed(1)})`);
      }
    }
    lines.push(
      `| ${name} | ${iterations} | ${seconds.turn.join(', ')} | ${seconds.workers.join(', ')} | ${(best.workers / best.turn).toFixed(2)} |`,
    );
  }
  return [
    `4 chains of 1000 warm-up iterations each, their start included; seconds by the clock (and of the processors) of ${rounds} runs, best against best; load ${loadavg()[0]!.toFixed(1)} at the end.`,
    '',
    '| model | recorded iterations | in turn | in two workers | ratio |',
    '|---|---:|---|---|---:|',
    ...lines,
  ];
}
