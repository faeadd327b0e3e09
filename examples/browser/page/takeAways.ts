import type { Picture } from '../../../src/plots/index.ts';
import type { DownloadKind } from '../protocol.ts';
import { save, savePng, saveSvg } from './downloads.ts';
import { byId, element } from './element.ts';
import type { EngineClient } from './engineClient.ts';

/** What the files and programs are made of. */
export interface InView {
  readonly engine: EngineClient;
  readonly picture: () => Picture | null;
  readonly seed: () => number;
  /** Runs a task and prints its fault. */
  readonly attempt: (task: () => Promise<void>) => Promise<void>;
}

/** The buttons for files, the link, and the same fit as code. */
export function takeAways({ engine, picture, seed, attempt }: InView): void {
  const button = (title: string, task: () => Promise<void>) =>
    element('button', { type: 'button', onclick: () => void attempt(task) }, title);
  const file = (kind: DownloadKind) => async () => save(await engine.ask('download', kind));
  const drawn = (task: (shown: Picture) => void | Promise<void>) => async () => {
    const shown = picture();
    if (!shown) throw new Error('There is no picture in view.');
    await task(shown);
  };
  const code = async () => {
    const { program, shell, r } = await engine.ask('code', seed());
    const figures = Object.entries({ Program: program, Shell: shell, 'R (lme4)': r }).map(([title, text]) => {
      const copied = button('Copy', () => copy(text));
      copied.append(element('span', { className: 'hidden' }, ` the code: ${title}`));
      return element(
        'figure',
        {},
        element('figcaption', {}, `${title} `, copied),
        element('pre', { tabIndex: 0 }, text),
      );
    });
    byId('code').replaceChildren(...figures);
  };
  byId('downloads').replaceChildren(
    button('Fit as JSON', file('json')),
    button('Report', file('report')),
    button('Table as CSV', file('csv')),
    button('Picture as SVG', drawn(saveSvg)),
    button('Picture as PNG', drawn(savePng)),
    button('Copy a link', () => copy(location.href)),
    button('As a program, in a shell, in R', code),
  );
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  byId('said').textContent = 'Copied.';
}
