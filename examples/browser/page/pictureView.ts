import { type MountedPicture, mount, type Picture, type PictureElement, type Theme } from '../../../src/plots/index.ts';

/**
 * A picture in the page under a policy that allows no inline style: the rules inside the SVG go to a style sheet of the
 * document, which scripts may fill.
 */
export class PictureView {
  readonly #box: HTMLElement;
  readonly #sheet = new CSSStyleSheet();
  readonly #onSelect: (key: string | null) => void;
  #mounted: MountedPicture | null = null;
  #picture: Picture | null = null;
  #theme: Theme = 'auto';
  #chosen: string | null = null;
  #width = 0;

  constructor(box: HTMLElement, onSelect: (key: string | null) => void = () => {}) {
    this.#box = box;
    this.#onSelect = onSelect;
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    new ResizeObserver(() => {
      if (this.#picture && box.clientWidth !== this.#width) this.#draw();
    }).observe(box);
  }

  get picture(): Picture | null {
    return this.#picture;
  }

  /** Another picture, with this point chosen: drawn once. */
  show(picture: Picture | null, chosen: string | null = this.#chosen): void {
    const same = this.#picture !== null && picture !== null && chosen === this.#chosen;
    this.#picture = picture;
    this.#chosen = chosen;
    if (same && this.#mounted) this.#mounted.update(picture);
    else this.#draw();
  }

  /** A sentence where there is no picture. */
  say(sentence: string): void {
    this.#picture = null;
    this.#draw();
    this.#box.textContent = sentence;
  }

  select(key: string | null): void {
    this.#chosen = key;
    this.#mounted?.select(key);
  }

  set theme(theme: Theme) {
    this.#theme = theme;
    this.#draw();
  }

  #draw(): void {
    this.#mounted?.destroy();
    this.#mounted = null;
    this.#width = this.#box.clientWidth;
    if (!this.#picture || this.#width === 0) return;
    const element: PictureElement = adapted(this.#box, this.#sheet);
    this.#mounted = mount(this.#picture, element, {
      theme: this.#theme,
      select: this.#chosen,
      onSelect: (key) => {
        this.#chosen = key;
        this.#onSelect(key);
      },
    });
  }
}

/** The element as `mount` sees it. */
function adapted(box: HTMLElement, sheet: CSSStyleSheet): PictureElement {
  return {
    get innerHTML() {
      return box.innerHTML;
    },
    set innerHTML(svg: string) {
      const found = /<style>([\s\S]*?)<\/style>/.exec(svg);
      sheet.replaceSync(found ? found[1]!.replace(/&lt;/g, '<').replace(/&amp;/g, '&') : '');
      box.innerHTML = found ? svg.replace(found[0], '') : svg;
    },
    get clientWidth() {
      return box.clientWidth;
    },
    getBoundingClientRect: () => box.getBoundingClientRect(),
    setAttribute: (name, value) => box.setAttribute(name, value),
    addEventListener: (type, listener) => box.addEventListener(type, listener as unknown as EventListener),
    removeEventListener: (type, listener) => box.removeEventListener(type, listener as unknown as EventListener),
  };
}
