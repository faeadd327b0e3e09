import { element } from './element.ts';

export const TABS = [
  { name: 'shrinkage', title: 'What pooling did' },
  { name: 'groups', title: 'In order' },
  { name: 'lines', title: 'Lines' },
  { name: 'space', title: 'Levels and slopes' },
  { name: 'level2', title: 'By a group column' },
  { name: 'path', title: 'Pooling path' },
  { name: 'parameters', title: 'Parameters' },
  { name: 'check', title: 'Does it fit?' },
  { name: 'chains', title: 'Chains' },
  { name: 'table', title: 'Table' },
] as const;

export type TabName = (typeof TABS)[number]['name'];

/** Tabs as the pattern of ARIA has them: one stop for the tab key, arrows between them. */
export class Tabs {
  #chosen: TabName = 'shrinkage';
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #told: (name: TabName) => void;

  constructor(box: HTMLElement, told: (name: TabName) => void) {
    this.#told = told;
    this.#buttons = TABS.map(({ name, title }) => {
      const button = element(
        'button',
        { type: 'button', role: 'tab', id: `tab-${name}`, onclick: () => this.choose(name) },
        title,
      );
      button.setAttribute('aria-controls', name === 'table' ? 'table' : 'picture');
      return button;
    });
    box.replaceChildren(...this.#buttons);
    box.addEventListener('keydown', (event) => {
      const at = TABS.findIndex(({ name }) => name === this.#chosen);
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: TABS.length - 1 - at }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = (at + step + TABS.length) % TABS.length;
      this.choose(TABS[next]!.name);
      this.#buttons[next]!.focus();
    });
    this.#mark();
  }

  get chosen(): TabName {
    return this.#chosen;
  }

  choose(name: TabName): void {
    this.#chosen = name;
    this.#mark();
    this.#told(name);
  }

  #mark(): void {
    TABS.forEach(({ name }, k) => {
      const button = this.#buttons[k]!;
      button.setAttribute('aria-selected', String(name === this.#chosen));
      button.tabIndex = name === this.#chosen ? 0 : -1;
    });
  }
}
