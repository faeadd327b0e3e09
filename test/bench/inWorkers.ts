import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type * as Library from '../../src/index.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { cpuSeconds } from './measure.ts';
import { models } from './models.ts';

/** Sentences with the seconds that four chains take in turn and in two workers of the built library, by the clock and of the processors. */
export async function inWorkers(iterations = 50_000, rounds = 3): Promise<string[]> {
  const built = new URL('../../dist/index.js', import.meta.url);
  if (!existsSync(fileURLToPath(built))) return ['Not measured: run npm run build first.'];
  const { formula, sample } = (await import(built.href)) as typeof Library;
  const model = models.find(({ name }) => name === 'radon_M4')!;
  const graph = formula(model.text);
  const rows = fixtureFrame(model.file);
  const best = { turn: Infinity, workers: Infinity };
  const texts: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, workers] of [
      ['turn', false],
      ['workers', 2],
    ] as const) {
      const cpu = cpuSeconds();
      const start = performance.now();
      await sample(graph, { rows }, { iterations, seed: 1, workers });
      const wall = (performance.now() - start) / 1000;
      best[name] = Math.min(best[name], wall);
      texts.push(
        `${wall.toFixed(1)} (${(cpuSeconds() - cpu).toFixed(1)}) ${name === 'turn' ? 'in turn' : 'in workers'}`,
      );
    }
  }
  return [
    `radon_M4, 4 chains of 1000 + ${iterations} iterations in turn and in two workers, their start included: ${(best.workers / best.turn).toFixed(2)} of the time in turn, best against best of ${rounds}. Seconds by the clock, and of the processors: ${texts.join(', ')}; load ${loadavg()[0]!.toFixed(1)} at the end.`,
  ];
}
