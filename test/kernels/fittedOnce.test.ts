import { describe, expect, it } from 'vitest';
import { fittedOnce } from '../../src/kernels/fittedOnce.ts';
import { type Pausing, toTheEnd } from '../../src/pausing.ts';

/** A fit that takes two pauses and counts how often it was done. */
function counted(packs = true) {
  const count = { fits: 0, unpacked: 0 };
  const compute = function* (): Pausing<number> {
    yield;
    yield;
    count.fits += 1;
    return 7;
  };
  const once = fittedOnce<number, { readonly value: number }>(
    compute,
    (value) => (packs ? { value } : null),
    ({ value }) => {
      count.unpacked += 1;
      return value + 0.5;
    },
  );
  return { count, once };
}

describe('what is fitted once, for all chains', () => {
  it('is fitted when it is first asked for, and not again', () => {
    const { count, once } = counted();
    expect(count.fits).toBe(0);
    expect([once.get(), once.get()]).toEqual([7, 7]);
    expect(toTheEnd(once.prepare())).toEqual({ value: 7 });
    expect(count).toEqual({ fits: 1, unpacked: 0 });
  });

  it('pauses where fitting does', () => {
    const { once } = counted();
    const pausing = once.prepare();
    expect([pausing.next().done, pausing.next().done, pausing.next().done]).toEqual([false, false, true]);
  });

  it('is made of what another thread packed, once where two kernels share it, and handed on as it came', () => {
    const { count, once } = counted();
    const made = { value: 3 };
    expect(toTheEnd(once.prepare(made))).toBe(made);
    expect(toTheEnd(once.prepare(made))).toBe(made);
    expect(once.get()).toBe(3.5);
    expect(count).toEqual({ fits: 0, unpacked: 1 });
  });

  it('gives null where it is no plain data', () => {
    const { count, once } = counted(false);
    expect(toTheEnd(once.prepare())).toBeNull();
    expect(once.get()).toBe(7);
    expect(count.fits).toBe(1);
  });
});
