import type { Answer, ShownTable } from '../protocol.ts';
import { byId, element } from './element.ts';

/** What stands around the picture: the words, and what is called by the name of the factor. */
export function results(answer: Answer): void {
  const { factor, factors, story } = answer;
  byId('result').hidden = false;
  byId('out').hidden = false;
  byId('search-what').textContent = factor === null ? 'a group' : `one ${factor}`;
  byId('new-group').textContent = `What of a ${factor ?? 'group'} that is not in the data?`;
  byId('new-group-box').hidden = factor === null;
  byId('new-group-out').textContent = '';
  byId('factor-box').hidden = factors.length < 2;
  byId('factor').replaceChildren(
    ...factors.map((name) => element('option', { value: name, selected: name === factor }, name)),
  );
  byId('story').replaceChildren(
    ...story.map(({ heading, text }) => element('section', {}, element('h2', {}, heading), element('p', {}, text))),
  );
}

/** The table of groups. */
export function tableView({ head, rows, note }: ShownTable): void {
  const header = element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)));
  const body = rows.map((row) => element('tr', {}, ...row.map((text) => element('td', {}, text))));
  const table = element('table', {}, element('thead', {}, header), element('tbody', {}, ...body));
  byId('table').replaceChildren(table, element('p', { className: 'quiet' }, note));
}

/** The groups whose names hold a text, into the list of the search box; the one that is meant, if one is. */
export function found(answer: Answer, typed: string): string | null {
  const text = typed.trim().toLowerCase();
  const exact = answer.groups.find(({ level }) => level.toLowerCase() === text);
  const near = text === '' ? [] : answer.groups.filter(({ level }) => level.toLowerCase().includes(text)).slice(0, 20);
  byId('names').replaceChildren(...near.map(({ level }) => element('option', { value: level })));
  return (exact ?? (near.length === 1 ? near[0] : undefined))?.level ?? null;
}
