import { ModelError } from '../../errors.ts';
import { callback } from '../../input/acceptedValue.ts';
import type { Picture } from './picture.ts';
import { drawPicture, type SvgOptions } from './toSvg.ts';

/** What `mount` asks of an element of a page: any HTMLElement has it. */
export interface PictureElement {
  innerHTML: string;
  readonly clientWidth: number;
  getBoundingClientRect(): { readonly left: number; readonly top: number; readonly width: number };
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: (event: never) => void): void;
  removeEventListener(type: string, listener: (event: never) => void): void;
}

/** How a picture is put into a page. */
export interface MountOptions extends SvgOptions {
  /** Told of the group or row that a reader chose, null where none is. */
  readonly onSelect?: (key: string | null) => void;
}

/** A picture in a page. */
export interface MountedPicture {
  update(picture: Picture): void;
  select(key: string | null): void;
  destroy(): void;
}

/** Points farther than this from the pointer are not meant, pixels. */
const REACH = 24;

/**
 * Draws a picture in an element of a page: pointer and arrow keys choose a point, Escape none. As wide as the element
 * unless `width` is given. Throws what `toSvg` does, and `option`.
 */
export function mount(picture: Picture, element: PictureElement, options: MountOptions = {}): MountedPicture {
  if (typeof element?.addEventListener !== 'function') {
    throw new ModelError(
      'option',
      'element',
      'mount: element is no element of a page; give one, as document.querySelector does',
    );
  }
  const { onSelect, ...drawn } = options;
  if (onSelect !== undefined && !callback.accepts(onSelect)) {
    throw new ModelError(
      'option',
      'onSelect',
      'mount: onSelect is no function; give one that takes the key, or leave it out',
    );
  }
  let shown = picture;
  let chosen = options.select ?? null;
  const draw = () => {
    const width = drawn.width ?? Math.max(200, Math.min(4000, Math.floor(element.clientWidth) || 760));
    const drawing = drawPicture(shown, { ...drawn, width, select: chosen });
    element.innerHTML = drawing.svg;
    return drawing;
  };
  let drawing = draw();
  const choose = (key: string | null, tell: boolean): void => {
    if (key === chosen) return;
    chosen = key;
    drawing = draw();
    if (tell) onSelect?.(key);
  };
  const onPointer = (event: { readonly clientX: number; readonly clientY: number }): void => {
    const box = element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, nearest]: [string | null, number] = [null, REACH];
    for (const hit of drawing.hits) {
      const distance = Math.sqrt((hit.x - x) ** 2 + (hit.y - y) ** 2);
      if (distance < nearest) [best, nearest] = [hit.key, distance];
    }
    if (best !== null) choose(best, true);
  };
  const onKey = (event: { readonly key: string; preventDefault(): void }): void => {
    const keys = [...new Set([...drawing.hits].sort((a, b) => a.x - b.x || a.y - b.y).map(({ key }) => key))];
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') choose(null, true);
    else if (step !== undefined && keys.length > 0) {
      const at = chosen === null ? (step > 0 ? -1 : keys.length) : keys.indexOf(chosen);
      choose(keys[Math.max(0, Math.min(keys.length - 1, at + step))]!, true);
      event.preventDefault();
    }
  };
  element.setAttribute('tabindex', '0');
  element.addEventListener('pointermove', onPointer);
  element.addEventListener('pointerdown', onPointer);
  element.addEventListener('keydown', onKey);
  return {
    update(next) {
      shown = next;
      drawing = draw();
    },
    select: (key) => choose(key, false),
    destroy() {
      element.removeEventListener('pointermove', onPointer);
      element.removeEventListener('pointerdown', onPointer);
      element.removeEventListener('keydown', onKey);
      element.innerHTML = '';
    },
  };
}
