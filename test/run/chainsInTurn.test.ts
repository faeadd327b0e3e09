import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import type { Kernel } from '../../src/kernels/kernel.ts';
import { gatheredDraws } from '../../src/mcmc/gatheredDraws.ts';
import { type Plan, plan } from '../../src/mcmc/plan.ts';
import type { Pausing } from '../../src/pausing.ts';
import { chainsInTurn } from '../../src/run/chainsInTurn.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const size = { chains: 3, warmup: 4, iterations: 6, seed: 1 };
const model = plan(formula('y | se(sigma) ~ 1 + (1 | school)'), { rows: fixtureFrame('eight_schools') });

/** A kernel whose fitting pauses `pauses` times, each a spell of the event loop's after the other. */
function slowKernel(pauses: number): Kernel & { fitted: number; started: number } {
  const kernel = {
    name: 'slow',
    updates: [],
    why: '',
    fitted: 0,
    started: 0,
    *prepare(): Pausing<null> {
      for (let pause = 0; pause < pauses; pause += 1) {
        const begin = performance.now();
        while (performance.now() - begin < 25);
        kernel.fitted += 1;
        yield;
      }
      return null;
    },
    init() {
      kernel.started += 1;
    },
    stats: [],
    step() {},
  };
  return kernel;
}

const start = (kernel: Kernel, checkStop: () => void) => {
  const own: Plan = { ...model, kernels: [kernel] };
  return chainsInTurn(own, size, gatheredDraws(own, size), checkStop);
};

describe('chains in turn', () => {
  it('give way to other events while the kernels are fitted, and start after', async () => {
    const kernel = slowKernel(4);
    const seen: number[] = [];
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    await start(kernel, () => {
      seen.push(kernel.fitted);
    });
    clearInterval(timer);
    expect(seen.slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(ticks).toBeGreaterThan(0);
    expect(kernel.started).toBe(3);
  });

  it('stop while the kernels are fitted', async () => {
    const kernel = slowKernel(4);
    const reason = new Error('enough');
    const stopped = start(kernel, () => {
      if (kernel.fitted === 2) throw reason;
    });
    await expect(stopped).rejects.toBe(reason);
    expect(kernel).toMatchObject({ fitted: 2, started: 0 });
  });

  it('keep the error of every chain where fitting fails', async () => {
    const failing: Kernel = {
      ...slowKernel(0),
      // biome-ignore lint/correctness/useYield: fails before it could pause
      *prepare(): Pausing<null> {
        throw new Error('no mode');
      },
      init() {
        throw new Error('no mode');
      },
    };
    const { failures, chains } = await start(failing, () => {});
    expect(chains()).toEqual([]);
    expect([...failures.keys()]).toEqual([0, 1, 2]);
    expect(failures.get(1)!.message).toBe('kernel slow failed in chain 2, iteration 0: no mode');
  });
});
