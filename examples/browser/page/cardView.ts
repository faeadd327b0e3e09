import type { Card } from '../protocol.ts';
import { drawn, element } from './element.ts';
import type { PictureView } from './pictureView.ts';

/** The card of the chosen group: three numbers and the weight, for each coefficient. */
export function cardView(
  box: HTMLElement,
  picture: { box: HTMLElement; view: PictureView },
  card: Card,
  noun: string,
): void {
  const heading = element('h2', {}, card.level);
  const size = element(
    'p',
    { className: 'quiet' },
    `${card.n} ${card.n === 1 ? one(noun) : noun}${card.rows > card.n ? ` of ${card.rows}` : ''}`,
  );
  const terms = card.terms.flatMap(({ term, numbers, weight, weightWords }) => [
    ...(term === '' ? [] : [element('h3', {}, term)]),
    element(
      'dl',
      {},
      ...numbers.flatMap(({ role, label, value, note }) => [
        element('dt', { className: role }, label),
        element(
          'dd',
          {},
          element('b', {}, value),
          ...(note === '' ? [] : [element('small', { className: 'note' }, note)]),
        ),
      ]),
    ),
    bar(weight, weightWords),
    element('p', { className: 'quiet' }, weightWords),
  ]);
  picture.box.hidden = card.picture === null;
  box.replaceChildren(heading, size, picture.box, ...terms);
  picture.view.show(card.picture);
}

const one = (noun: string): string => noun.replace(/s$/, '');

/** How much is the common line, as a bar of two parts. */
function bar(weight: number, words: string): Node {
  const label = drawn('title', {});
  label.textContent = words;
  return drawn(
    'svg',
    { class: 'bar', role: 'img', viewBox: '0 0 100 4', preserveAspectRatio: 'none', width: '100%', height: 12 },
    label,
    drawn('rect', { class: 'own-part', width: 100, height: 4 }),
    drawn('rect', { class: 'line-part', width: 100 * weight, height: 4 }),
  );
}
