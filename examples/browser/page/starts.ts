import { element } from './element.ts';

const EXAMPLES = [
  { name: 'radon', title: 'Radon', says: '919 houses in 85 counties. Two houses measured: how much is in the county?' },
  { name: 'sleepstudy', title: 'Sleep', says: '18 drivers, ten days with too little sleep: how much slower is each?' },
  { name: 'hsb', title: 'Schools', says: '1977 pupils in 40 schools: which school is good, and how sure is that?' },
  { name: 'voters', title: 'Voters', says: '9978 made-up voters in 50 states, 5 to 1500 in a state: yes or no?' },
] as const;

/** The large buttons that open an example. */
export function starts(box: HTMLElement, open: (name: string) => void): void {
  box.replaceChildren(
    ...EXAMPLES.map(({ name, title, says }) => {
      const button = element(
        'button',
        { type: 'button', className: 'start', onclick: () => open(name) },
        element('strong', {}, title),
        element('span', {}, says),
      );
      button.dataset['example'] = name;
      return button;
    }),
  );
}

/** Files dropped anywhere on the page, or chosen. */
export function files(box: HTMLElement, input: HTMLInputElement, open: (file: File) => void): void {
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) open(file);
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    box.classList.add('over');
  });
  document.addEventListener('dragleave', () => box.classList.remove('over'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    box.classList.remove('over');
    const file = event.dataTransfer?.files[0];
    if (file) open(file);
  });
}
