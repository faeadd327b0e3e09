import { expect, it } from 'vitest';
import { mount, type PictureElement, plotShrinkage } from '../../src/plots/index.ts';
import { eight } from './plotFits.ts';

it('draws in an element, and tells of the group that keys and the pointer choose', () => {
  const listeners = new Map<string, (event: never) => void>();
  const element: PictureElement = {
    innerHTML: '',
    clientWidth: 500,
    getBoundingClientRect: () => ({ left: 10, top: 20, width: 500 }),
    setAttribute: () => {},
    addEventListener: (type, listener) => listeners.set(type, listener),
    removeEventListener: (type) => listeners.delete(type),
  };
  const chosen: (string | null)[] = [];
  const mounted = mount(plotShrinkage(eight, 'school'), element, { onSelect: (key) => chosen.push(key) });
  expect(element.innerHTML).toContain('width="500"');
  expect(element.innerHTML).not.toContain('class="chosen"');
  listeners.get('keydown')!({ key: 'ArrowRight', preventDefault: () => {} } as never);
  expect(chosen).toHaveLength(1);
  const ring = /class="chosen" cx="([\d.]+)" cy="([\d.]+)"/.exec(element.innerHTML)!;
  listeners.get('keydown')!({ key: 'Escape', preventDefault: () => {} } as never);
  listeners.get('pointermove')!({ clientX: Number(ring[1]) + 10, clientY: Number(ring[2]) + 20 } as never);
  expect(chosen).toEqual([chosen[0], null, chosen[0]]);
  mounted.select('H');
  expect(chosen).toHaveLength(3);
  mounted.destroy();
  expect([element.innerHTML, listeners.size]).toEqual(['', 0]);
  expect(() => mount(plotShrinkage(eight, 'school'), null as never)).toThrow('is no element of a page');
});
