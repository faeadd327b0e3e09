import type { ColumnChip } from '../protocol.ts';
import { type Completion, completions } from './completions.ts';
import { byId, element } from './element.ts';

/**
 * The line of the formula with what may follow where one types: a combobox with a list below it. Arrow keys walk through
 * the list, Enter and Tab take what is chosen, Escape closes it.
 */
export class FormulaBox {
  readonly #input = byId<HTMLInputElement>('formula');
  readonly #list = byId('completions');
  readonly #said = byId('completions-said');
  #columns: readonly ColumnChip[] = [];
  #offered: readonly Completion[] = [];
  #chosen = -1;

  constructor() {
    const input = this.#input;
    input.addEventListener('input', (event) => {
      // What a button writes is whole.
      if (event.isTrusted) this.#offer();
    });
    input.addEventListener('keydown', (event) => this.#key(event));
    input.addEventListener('blur', () => this.#close());
    input.form?.addEventListener('submit', () => this.#close());
    // A press on the list would take the focus from the line before the click comes.
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault());
  }

  get text(): string {
    return this.#input.value.trim();
  }

  /** What stands in the line from now on, whole. */
  set text(formula: string) {
    this.#input.value = formula;
    this.#close();
  }

  set columns(columns: readonly ColumnChip[]) {
    this.#columns = columns;
    this.#close();
  }

  #offer(): void {
    this.#offered = completions(this.#input.value, this.#input.selectionStart ?? 0, this.#columns);
    this.#chosen = -1;
    this.#list.replaceChildren(
      ...this.#offered.map((completion, k) =>
        element(
          'div',
          { id: `completion-${k}`, role: 'option', ariaSelected: 'false', onclick: () => this.#take(completion) },
          element('code', {}, completion.text),
          element('small', {}, completion.says),
        ),
      ),
    );
    const open = this.#offered.length > 0;
    this.#list.hidden = !open;
    this.#input.setAttribute('aria-expanded', String(open));
    this.#input.removeAttribute('aria-activedescendant');
    this.#said.textContent = open ? `${this.#offered.length} to choose from by the arrow keys` : '';
  }

  #key(event: KeyboardEvent): void {
    const open = !this.#list.hidden;
    const { key } = event;
    if (key === 'ArrowDown' && !open) this.#offer();
    else if (!open) return;
    else if (key === 'ArrowDown') this.#choose(this.#chosen + 1);
    else if (key === 'ArrowUp') this.#choose(this.#chosen - 1);
    else if (key === 'Escape') this.#close();
    else if ((key === 'Enter' || key === 'Tab') && this.#chosen >= 0) this.#take(this.#offered[this.#chosen]!);
    else {
      if (key === 'Enter') this.#close();
      return;
    }
    event.preventDefault();
  }

  /** The k-th of the list, counted round. */
  #choose(k: number): void {
    const count = this.#offered.length;
    this.#chosen = (k + count) % count;
    for (const [at, option] of [...this.#list.children].entries())
      option.setAttribute('aria-selected', String(at === this.#chosen));
    this.#list.children[this.#chosen]!.scrollIntoView({ block: 'nearest' });
    this.#input.setAttribute('aria-activedescendant', `completion-${this.#chosen}`);
  }

  #take({ text, from, to }: Completion): void {
    this.#input.setRangeText(text, from, to, 'end');
    this.#input.dispatchEvent(new Event('input', { bubbles: true }));
    this.#input.focus();
    this.#close();
  }

  #close(): void {
    this.#offered = [];
    this.#chosen = -1;
    this.#list.hidden = true;
    this.#list.replaceChildren();
    this.#said.textContent = '';
    this.#input.setAttribute('aria-expanded', 'false');
    this.#input.removeAttribute('aria-activedescendant');
  }
}
