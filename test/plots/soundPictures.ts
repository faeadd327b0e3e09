import { describe, expect, it } from 'vitest';
import { type Picture, toSvg } from '../../src/plots/index.ts';
import { wellFormed } from './wellFormed.ts';

/** Tests of what every picture has to be: frozen, well-formed, finite and the same bytes again, at every width. */
export function soundPictures(pictures: Readonly<Record<string, Picture>>): void {
  describe.each(Object.entries(pictures))('the picture %s', (_, picture) => {
    it('is frozen, well-formed, finite, and makes the same bytes again', () => {
      expect(Object.isFrozen(picture) && Object.isFrozen(picture.panels[0]!.marks)).toBe(true);
      for (const options of [{}, { width: 320 }, { width: 1280, theme: 'dark' as const }]) {
        const svg = toSvg(picture, options);
        expect(wellFormed(svg)).toBeNull();
        expect(/NaN|undefined|Infinity|var\(/.exec(svg)).toBeNull();
        expect(svg === toSvg(picture, options)).toBe(true);
      }
    });
  });
}
