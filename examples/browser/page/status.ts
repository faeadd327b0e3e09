import type { ChainNews, Verdict } from '../protocol.ts';
import { byId, element } from './element.ts';
import { EngineFault } from './engineClient.ts';
import { traces } from './traces.ts';

/** Where the page is, also for who drives it: `document.body.dataset.state`. */
export type State = 'reading' | 'estimating' | 'estimated' | 'refitted' | 'drawing' | 'drawn' | 'refused';

/** An error as the page prints it. A fault of the program says that it is one. */
export function sentenceOf(error: unknown): string {
  const sentence = error instanceof Error ? error.message : String(error);
  return error instanceof EngineFault && !error.expected ? `Something went wrong on this page: ${sentence}` : sentence;
}

/** The verdict pill, the progress of the chains, and what is at fault. */
export class Status {
  get state(): State | undefined {
    return document.body.dataset['state'] as State | undefined;
  }

  set state(state: State) {
    document.body.dataset['state'] = state;
  }

  pill(colour: 'grey' | Verdict['colour'], words: string): void {
    const pill = byId('pill');
    pill.className = `pill ${colour}`;
    pill.textContent = words;
  }

  /** What is wrong with the table, or with the page. */
  banner(text: string): void {
    const banner = byId('banner');
    banner.hidden = text === '';
    banner.textContent = text;
    if (text !== '') banner.focus();
  }

  /** Nothing is wrong with the model. */
  noFault(): void {
    byId('fault').replaceChildren();
    byId('formula').setAttribute('aria-invalid', 'false');
  }

  /** What is wrong with the model: the sentence, and the formula with the word at fault marked. */
  fault(error: unknown, formula: string): void {
    const place = error instanceof EngineFault ? error.place : null;
    const sentence = sentenceOf(error);
    byId('formula').setAttribute('aria-invalid', 'true');
    if (place === null) {
      byId('fault').replaceChildren(sentence);
      return;
    }
    const [from, to] = place;
    const marked = element('mark', {}, formula.slice(from, to) || '\u2003');
    const line = element('code', { ariaHidden: 'true' }, formula.slice(0, from), marked, formula.slice(to));
    // The lines that follow the sentence in a terminal are the formula and a caret.
    byId('fault').replaceChildren(line, sentence.split('\n')[0]!);
  }

  findings(texts: readonly string[]): void {
    byId('findings').replaceChildren(...texts.map((text) => element('li', {}, text)));
  }

  news(text: string): void {
    byId('news').textContent = text;
  }

  /** Chains start, or have ended. */
  drawing(going: boolean): void {
    byId('stop').hidden = !going;
    byId('progress').hidden = !going;
    byId('again').hidden = going;
    byId<HTMLProgressElement>('progress').value = 0;
    if (!going) byId('traces').hidden = true;
  }

  chains({ done, total, phase, rhat, ess, traces: lines }: ChainNews): void {
    if (this.state !== 'drawing') return;
    byId<HTMLProgressElement>('progress').value = done / total;
    const doing = { preparing: 'getting ready', warmup: 'four chains, warming up', sampling: 'four chains, drawing' };
    this.pill('grey', doing[phase]);
    if (rhat !== null && ess !== null)
      this.news(`R-hat ${rhat.toFixed(3)}, effective size ${Math.round(ess)}, of the population level`);
    traces(byId<HTMLCanvasElement>('traces'), lines);
  }

  verdict({ colour, words, findings, rhat, ess, draws, seconds }: Verdict, messages: readonly string[]): void {
    this.pill(colour, words);
    this.news(
      `${draws} draws in ${seconds.toFixed(1)} s; largest R-hat ${rhat.toFixed(3)}, smallest effective size ${Math.round(ess)}`,
    );
    this.findings([...findings, ...messages]);
  }
}
