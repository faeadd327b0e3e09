import type { ColumnChip } from '../protocol.ts';
import { written } from '../written.ts';
import { type Built, builtFormula, readFormula } from './builtFormula.ts';
import { element } from './element.ts';

const MOST = 40;

/**
 * The sentence that builds a formula: "Predict this from these, and let groups differ". It shows the formula as far as a
 * sentence can, and every change of it writes a formula. The control that was used has the focus again, though it is
 * another element.
 */
export function builder(
  box: HTMLElement,
  columns: readonly ColumnChip[],
  formula: string,
  write: (formula: string) => void,
): void {
  const usable = columns.filter(({ kind, distinct }) => kind !== 'unusable' && distinct > 1);
  const read = readFormula(formula, columns);
  const left = formula.split('~')[0]!.trim();
  const response =
    (read ? usable.find(({ name }) => name === read.response) : usable.find(({ name }) => written(name) === left))
      ?.name ?? usable.find(({ kind, groups }) => kind === 'number' && !groups)?.name;
  if (response === undefined) {
    box.replaceChildren(element('p', { className: 'quiet' }, 'No column here can be predicted.'));
    return;
  }
  const built: Built = read ?? { response, predictors: [], factor: null, slopes: [] };
  const change = (next: Partial<Built>): void => {
    const all = { ...built, ...next };
    const apart = (name: string): boolean => name !== all.response && name !== all.factor;
    const predictors = all.predictors.filter(apart);
    const factor = all.factor === all.response ? null : all.factor;
    write(builtFormula({ ...all, predictors, factor, slopes: factor === null ? [] : all.slopes }));
  };
  const isIn = (names: readonly string[], name: string, on: boolean): string[] =>
    on ? [...names, name] : names.filter((each) => each !== name);
  const others = usable.filter(({ name }) => name !== built.response && name !== built.factor);
  const groups = usable.filter(
    (column) => (column.groups || column.name === built.factor) && column.name !== built.response,
  );
  const used = box.contains(document.activeElement) ? (document.activeElement?.getAttribute('name') ?? null) : null;
  box.replaceChildren(
    ...(read || formula === ''
      ? []
      : [
          element(
            'p',
            { className: 'quiet' },
            'The formula says more than this sentence can; a change here replaces it.',
          ),
        ]),
    choice(
      'Predict',
      usable.filter(({ name }) => name !== built.factor).map(({ name }) => name),
      built.response,
      (name) => change({ response: name }),
    ),
    boxes(
      'from',
      others.slice(0, MOST).map(({ name }) => name),
      built.predictors,
      (name, on) =>
        change({
          predictors: isIn(built.predictors, name, on),
          slopes: on ? built.slopes : isIn(built.slopes, name, false),
        }),
    ),
    choice('and let each', ['', ...groups.map(({ name }) => name)], built.factor ?? '', (name) =>
      change({ factor: name === '' ? null : name }),
    ),
    built.factor === null
      ? element('p', { className: 'quiet' }, 'With a column of groups here, each group has a level of its own.')
      : boxes('differ in its level, and in what is done by', built.predictors, built.slopes, (name, on) =>
          change({ slopes: isIn(built.slopes, name, on) }),
        ),
  );
  if (used !== null)
    for (const control of box.querySelectorAll<HTMLElement>('select, input'))
      if (control.getAttribute('name') === used) control.focus();
}

function choice(label: string, names: readonly string[], chosen: string, pick: (name: string) => void): HTMLElement {
  const select = element(
    'select',
    { name: label, onchange: () => pick(select.value) },
    ...names.map((name) =>
      element('option', { value: name, selected: name === chosen }, name === '' ? '(nothing)' : name),
    ),
  );
  return element('label', { className: 'pair' }, element('span', {}, label), select);
}

function boxes(
  label: string,
  names: readonly string[],
  on: readonly string[],
  pick: (name: string, on: boolean) => void,
): HTMLElement {
  return element(
    'fieldset',
    {},
    element('legend', {}, label),
    ...(names.length === 0 ? [element('span', { className: 'quiet' }, 'nothing else')] : []),
    ...names.map((name) => {
      const box = element('input', {
        type: 'checkbox',
        name: `${label}: ${name}`,
        checked: on.includes(name),
        onchange: () => pick(name, box.checked),
      });
      return element('label', { className: 'check' }, box, element('span', {}, name));
    }),
  );
}
