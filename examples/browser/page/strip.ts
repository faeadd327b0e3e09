import type { ColumnChip, Suggestion, TableInfo } from '../protocol.ts';
import { byId, drawn, element } from './element.ts';

/**
 * What is open: its name, rows, and a chip for each column. A click on a chip of numbers has it read as text, and back.
 */
function strip(table: TableInfo, asText: ReadonlySet<string>, toggle: (column: string) => void): HTMLElement[] {
  const rows = `${table.n.toLocaleString('en').replaceAll(',', ' ')} ${table.n === 1 ? 'row' : 'rows'}`;
  return [
    element('p', {}, element('strong', {}, table.name), ` ${rows}, ${table.columns.length} columns`),
    element(
      'ul',
      { className: 'columns' },
      ...table.columns.map((column) => element('li', {}, chip(column, asText, toggle))),
    ),
    ...table.columns
      .filter(({ note }) => note !== '')
      .slice(0, 5)
      .map(({ note }) => element('p', { className: 'quiet' }, note)),
  ];
}

/** Formulas to try, as buttons. */
export function suggestionButtons(
  box: HTMLElement,
  suggestions: readonly Suggestion[],
  take: (formula: string) => void,
): void {
  box.replaceChildren(
    ...suggestions.map(({ formula, says }) =>
      element(
        'button',
        { type: 'button', className: 'suggestion', onclick: () => take(formula) },
        element('code', {}, formula),
        element('small', {}, says),
      ),
    ),
  );
}

function chip(column: ColumnChip, asText: ReadonlySet<string>, toggle: (column: string) => void): HTMLElement {
  const { name, kind, missing, distinct, bins, groups, constantIn } = column;
  const facts = [
    asText.has(name) ? 'number read as category' : { number: 'number', text: 'category', unusable: 'not usable' }[kind],
    ...(kind === 'text' || groups ? [`${distinct} different`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(groups ? ['groups'] : []),
    ...(constantIn === null ? [] : [`of the ${constantIn}`]),
  ];
  const inside = [histogram(bins), element('span', {}, element('b', {}, name), element('small', {}, facts.join(', ')))];
  if (kind !== 'number' && !asText.has(name)) return element('span', { className: `chip ${kind}` }, ...inside);
  const words = asText.has(name) ? 'read as numbers again' : 'read as categories';
  const button = element(
    'button',
    { type: 'button', className: `chip ${kind}`, title: words, onclick: () => toggle(name) },
    ...inside,
  );
  button.dataset['column'] = name;
  button.append(element('span', { className: 'hidden' }, `: ${words}`));
  return button;
}

function histogram(bins: readonly number[]): Node {
  const most = Math.max(1, ...bins);
  const width = 3;
  return drawn(
    'svg',
    { width: 36, height: 22, viewBox: '0 0 36 22', 'aria-hidden': 'true', class: 'histogram' },
    ...bins.map((count, k) => {
      const height = count === 0 ? 0 : Math.max(1, (21 * count) / most);
      return drawn('rect', { x: k * width, y: 22 - height, width: width - 0.6, height });
    }),
  );
}

/** Shows what was opened, and which example it is. */
export function tableOpened(table: TableInfo, asText: ReadonlySet<string>, toggle: (column: string) => void): void {
  byId('strip').hidden = false;
  byId('strip').replaceChildren(...strip(table, asText, toggle));
  for (const button of document.querySelectorAll<HTMLElement>('.start'))
    button.setAttribute('aria-pressed', String(button.dataset['example'] === table.example));
  byId('model').hidden = false;
}

/** Back to the chip that was pressed, which is another element now. */
export function focusChip(column: string): void {
  for (const chip of byId('strip').querySelectorAll<HTMLElement>('button.chip'))
    if (chip.dataset['column'] === column) chip.focus();
}
