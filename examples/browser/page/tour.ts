import { byId, element } from './element.ts';

const STEPS: readonly { readonly at: string; readonly text: string }[] = [
  {
    at: 'strip',
    text: 'Radon was measured in 919 houses of 85 counties. Some counties have a hundred houses in the data, some have one. What is the level of a county with one house?',
  },
  {
    at: 'formula',
    text: 'The model: log radon is predicted by the floor, and (1 | county) lets every county have a level of its own. The levels of all counties are estimated together.',
  },
  {
    at: 'picture',
    text: 'Each county is a pair: the ring is what its own houses say, the dot is what the model says. To the left are counties with few houses: they are pulled far towards the common line. To the right, they hardly move.',
  },
  {
    at: 'card',
    text: 'One county in numbers. The bar says how much of the model’s answer comes from the common line and how much from the county’s own houses.',
  },
  {
    at: 'keep-box',
    text: 'Now take houses away from a large county: choose one on the right of the picture and move this slider. It becomes one of the small ones and slides to the line. That is partial pooling.',
  },
];

/** Five steps beside what they speak of; Escape or the button ends it. */
export async function tour(open: (example: string) => Promise<void>): Promise<void> {
  const before = document.activeElement as HTMLElement | null;
  void open('radon');
  await ready();
  let step = 0;
  const text = element('p', { id: 'tour-text' });
  const next = element('button', { type: 'button', className: 'main' });
  const back = element('button', { type: 'button' }, 'Back');
  const skip = element('button', { type: 'button' }, 'Skip the tour');
  const box = element('dialog', { className: 'tour' }, text, element('div', { className: 'chips' }, next, back, skip));
  box.setAttribute('aria-labelledby', 'tour-text');
  const end = () => {
    box.remove();
    for (const shown of document.querySelectorAll('.toured')) shown.classList.remove('toured');
    before?.focus();
  };
  const show = () => {
    const { at, text: words } = STEPS[step]!;
    if (step === STEPS.length - 1) byId<HTMLInputElement>('search').value = 'HENNEPIN';
    if (step === STEPS.length - 1) byId('search').dispatchEvent(new Event('input'));
    for (const shown of document.querySelectorAll('.toured')) shown.classList.remove('toured');
    byId(at).classList.add('toured');
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const scroll = () => byId(at).scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
    // The slider appears with the card of its county.
    if (byId(at).hidden) setTimeout(scroll, 500);
    else scroll();
    text.textContent = `${step + 1} of ${STEPS.length}. ${words}`;
    next.textContent = step === STEPS.length - 1 ? 'Done' : 'Next';
    back.hidden = step === 0;
  };
  next.addEventListener('click', () => {
    step += 1;
    if (step < STEPS.length) show();
    else end();
  });
  back.addEventListener('click', () => {
    step -= 1;
    show();
  });
  skip.addEventListener('click', end);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
  });
  document.body.append(box);
  box.show();
  show();
  next.focus();
}

/** Resolves when there is a picture to speak of. */
function ready(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (byId('picture').querySelector('svg') ? resolve() : setTimeout(look, 50));
    look();
  });
}
