import type { Picture, Theme } from '../../../src/plots/index.ts';
import type { Answer, ChainNews, Kept, Source, TableInfo, Verdict } from '../protocol.ts';
import { cardView } from './cardView.ts';
import { save, savePng, saveSvg } from './downloads.ts';
import { byId, element } from './element.ts';
import { EngineClient, EngineFault } from './engineClient.ts';
import { heldAt, onAxesOf } from './heldPicture.ts';
import { latest } from './latest.ts';
import { type Link, writeLink } from './link.ts';
import { PictureView } from './pictureView.ts';
import { KeepSlider, TauSlider } from './sliders.ts';
import { strip } from './strip.ts';
import { type TabName, Tabs } from './tabs.ts';
import { traces } from './traces.ts';

/** The page: what is open, what is asked, and what is shown of the answer. */
export class App {
  readonly #engine = new EngineClient();
  readonly #formula = byId<HTMLInputElement>('formula');
  readonly #family = byId<HTMLSelectElement>('family');
  readonly #search = byId<HTMLInputElement>('search');
  readonly #main = new PictureView(byId('picture'), (level) => this.choose(level));
  readonly #cardBox = element('div', { id: 'card-picture' });
  readonly #card = new PictureView(this.#cardBox);
  readonly #tabs = new Tabs(byId('tabs'), (name) => void this.#showTab(name));
  readonly #keep = new KeepSlider(
    (count, of) => this.#taken(count, of),
    () => this.#settled(),
  );
  readonly #tau = new TauSlider((step) => this.#held(step));
  #table: TableInfo | null = null;
  #asText = new Set<string>();
  #answer: Answer | null = null;
  /** The picture of the whole table, on whose axes the slider moves. */
  #ground: Picture | null = null;
  #kept: Kept | null = null;
  #factor: string | null = null;
  #chosen: string | null = null;
  #seed = 1;
  /** Counts questions, so that an answer that comes too late is known. */
  #asked = 0;

  constructor() {
    this.#engine.onNews = (news) => this.#news(news);
    byId('ask').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#kept = null;
      void this.fit();
    });
    const check = latest(() => this.#check());
    this.#formula.addEventListener('input', () => check(null));
    this.#family.addEventListener('change', () => check(null));
    this.#search.addEventListener('input', () => this.#found());
    byId('factor').addEventListener('change', () => {
      this.#factor = byId<HTMLSelectElement>('factor').value;
      this.#kept = null;
      void this.fit();
    });
    byId('stop').addEventListener('click', () => void this.#engine.ask('stop'));
    byId('again').addEventListener('click', () => {
      this.#seed += 1;
      void this.#draw(this.#asked);
    });
    byId('new-group').addEventListener(
      'click',
      () =>
        void this.#try(async () => {
          byId('new-group-out').textContent = (await this.#engine.ask('newGroup')).words;
        }),
    );
    this.#takeAways();
  }

  set theme(theme: Theme) {
    this.#main.theme = theme;
    this.#card.theme = theme;
  }

  /** Opens a table, and fits its first formula or the one of a link. */
  async open(source: Source, link: Link | null = null): Promise<void> {
    this.#banner('');
    document.body.dataset['state'] = 'reading';
    await this.#try(async () => {
      const table = await this.#engine.ask('open', source);
      this.#asText = new Set();
      this.#seed = link?.seed ?? 1;
      this.#shown(table, link?.formula ?? null);
      this.#family.value = link?.family ?? 'auto';
      await this.fit();
    });
  }

  #shown(table: TableInfo, formula: string | null): void {
    this.#table = table;
    this.#kept = null;
    this.#factor = null;
    this.#chosen = null;
    const box = byId('strip');
    box.hidden = false;
    box.replaceChildren(...strip(table, this.#asText, (column) => void this.#toggle(column)));
    for (const button of document.querySelectorAll<HTMLElement>('.start'))
      button.setAttribute('aria-pressed', String(button.dataset['example'] === table.example));
    byId('model').hidden = false;
    this.#formula.value = formula ?? table.formula;
    byId('suggestions').replaceChildren(
      ...table.suggestions.map(({ formula: text, says }) =>
        element(
          'button',
          {
            type: 'button',
            className: 'suggestion',
            onclick: () => {
              this.#formula.value = text;
              this.#kept = null;
              void this.fit();
            },
          },
          element('code', {}, text),
          element('small', {}, says),
        ),
      ),
    );
  }

  async #toggle(column: string): Promise<void> {
    await this.#try(async () => {
      const next = new Set(this.#asText);
      if (!next.delete(column)) next.add(column);
      const table = await this.#engine.ask('asText', [...next]);
      this.#asText = next;
      const formula = this.#formula.value;
      this.#shown(table, formula);
      await this.fit();
      byId('strip')
        .querySelectorAll<HTMLElement>('button')
        [
          table.columns
            .filter(({ kind, name }) => kind === 'number' || next.has(name))
            .findIndex(({ name }) => name === column)
        ]?.focus();
    });
  }

  /** The first estimate, then the chains. */
  async fit(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const text = this.#formula.value.trim();
    if (text === '') {
      this.#fault(
        'Write a model, as in  y ~ x + (1 | group):  what is predicted, from what, and by which groups it differs.',
      );
      document.body.dataset['state'] = 'refused';
      return;
    }
    document.body.dataset['state'] = 'estimating';
    byId('fit').hidden = false;
    this.#pill('grey', 'estimating');
    byId('findings').replaceChildren();
    let faults = '';
    try {
      const answer = await this.#engine.ask('estimate', {
        formula: text,
        family: this.#family.value,
        kept: this.#kept,
        factor: this.#factor,
      });
      if (asked !== this.#asked) return;
      this.#fault('');
      this.#tau.path = null;
      if (!this.#kept) this.#ground = answer.picture;
      this.#show(answer);
      this.#pill('grey', `first estimate by ${answer.label}, ${Math.round(answer.milliseconds)} ms`);
      document.body.dataset['state'] = 'estimated';
    } catch (error) {
      if (asked !== this.#asked) return;
      faults = this.#sentence(error);
    }
    void this.#check();
    if (faults !== '') {
      // Some models have a posterior and no likelihood fit: the chains are asked before it is called a fault.
      this.#fault(faults);
      this.#pill('grey', 'no first estimate');
      document.body.dataset['state'] = 'refused';
      byId('result').hidden = true;
      byId('out').hidden = true;
      this.#answer = null;
      if (!/family|likelihood fit|maximumLikelihood/.test(faults)) return;
    }
    history.replaceState(
      null,
      '',
      writeLink({ example: this.#table?.example ?? null, formula: text, family: this.#family.value, seed: this.#seed }),
    );
    await this.#draw(asked);
  }

  async #draw(asked: number): Promise<void> {
    byId('again').hidden = true;
    byId('stop').hidden = false;
    byId('progress').hidden = false;
    byId<HTMLProgressElement>('progress').value = 0;
    document.body.dataset['state'] = 'drawing';
    try {
      const drawn = await this.#engine.ask('sample', this.#seed);
      if (!drawn || asked !== this.#asked) return;
      if (!this.#kept) this.#ground = drawn.answer.picture;
      this.#fault('');
      this.#show(drawn.answer);
      this.#judged(drawn.verdict);
      document.body.dataset['state'] = 'drawn';
      this.#tau.path = await this.#engine.ask('path').catch(() => null);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#fault(this.#sentence(error));
      this.#pill('red', 'no draws');
      document.body.dataset['state'] = this.#answer ? 'estimated' : 'refused';
    } finally {
      if (asked === this.#asked) {
        byId('stop').hidden = true;
        byId('progress').hidden = true;
        byId('traces').hidden = true;
        byId('again').hidden = false;
      }
    }
  }

  #news(news: ChainNews): void {
    if (document.body.dataset['state'] !== 'drawing') return;
    byId<HTMLProgressElement>('progress').value = news.done / news.total;
    this.#pill('grey', news.phase === 'warmup' ? 'four chains, warming up' : 'four chains, drawing');
    byId('news').textContent =
      news.rhat === null || news.ess === null
        ? ''
        : `R-hat ${news.rhat.toFixed(3)}, effective draws ${Math.round(news.ess)}`;
    traces(byId<HTMLCanvasElement>('traces'), news.traces);
  }

  #judged({ colour, words, findings, rhat, ess, draws, seconds }: Verdict): void {
    this.#pill(colour, words);
    byId('news').textContent =
      `${draws} draws in ${seconds.toFixed(1)} s; largest R-hat ${rhat.toFixed(3)}, smallest effective size ${Math.round(ess)}`;
    byId('findings').replaceChildren(
      ...[...findings, ...(this.#answer?.messages ?? [])].map((text) => element('li', {}, text)),
    );
  }

  #show(answer: Answer): void {
    this.#answer = answer;
    byId('result').hidden = false;
    byId('out').hidden = false;
    byId('findings').replaceChildren(...answer.messages.map((text) => element('li', {}, text)));
    byId('search-what').textContent = answer.factor === null ? 'a group' : `one ${answer.factor}`;
    byId('new-group').textContent = `What of a ${answer.factor ?? 'group'} that is not in the data?`;
    byId('new-group').hidden = answer.factor === null;
    byId('new-group-out').textContent = '';
    byId('factor-box').hidden = answer.factors.length < 2;
    byId('factor').replaceChildren(
      ...answer.factors.map((factor) =>
        element('option', { value: factor, selected: factor === answer.factor }, factor),
      ),
    );
    byId('story').replaceChildren(
      ...answer.story.map(({ heading, text }) =>
        element('section', {}, element('h2', {}, heading), element('p', {}, text)),
      ),
    );
    const known = answer.groups.some(({ level }) => level === this.#chosen);
    if (!known) this.#chosen = [...answer.groups].filter(({ n }) => n > 0).sort((a, b) => a.n - b.n)[0]?.level ?? null;
    void this.#showTab(this.#tabs.chosen);
    this.choose(this.#chosen);
  }

  async #showTab(name: TabName): Promise<void> {
    const answer = this.#answer;
    if (!answer) return;
    byId('table').hidden = name !== 'table';
    byId('picture').hidden = name === 'table';
    byId('picture').setAttribute('aria-labelledby', `tab-${name}`);
    if (name === 'shrinkage') {
      if (answer.picture) this.#main.show(onAxesOf(answer.picture, this.#kept ? this.#ground : null));
      else this.#main.say('Nothing varies by group in this model. The other tabs show what there is.');
      this.#main.select(this.#chosen);
      return;
    }
    try {
      if (name === 'table') {
        const { head, rows, note } = await this.#engine.ask('table');
        byId('table').replaceChildren(
          element(
            'table',
            {},
            element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
            element(
              'tbody',
              {},
              ...rows.map((row) => element('tr', {}, ...row.map((text) => element('td', {}, text)))),
            ),
          ),
          element('p', { className: 'quiet' }, note),
        );
      } else {
        const picture = await this.#engine.ask('picture', name);
        if (this.#tabs.chosen === name) this.#main.show(picture);
      }
    } catch (error) {
      if (this.#tabs.chosen === name) this.#main.say(this.#sentence(error));
    }
  }

  /** A group, by whatever way it was chosen. */
  choose(level: string | null): void {
    const answer = this.#answer;
    this.#main.select(level);
    if (level === null || !answer?.groups.some((group) => group.level === level)) return;
    this.#chosen = level;
    this.#askCard(level);
    const group = answer.groups.find((each) => each.level === level)!;
    if (this.#kept && this.#kept.level !== level) return;
    this.#keep.group(
      answer.factor !== null && group.rows > 1 ? level : null,
      group.n === group.rows || this.#kept ? answer.noun : 'rows',
      this.#kept?.count ?? group.rows,
      group.rows,
    );
  }

  readonly #askCard = latest<string>(async (level) => {
    try {
      const card = await this.#engine.ask('card', level);
      cardView(byId('card'), { box: this.#cardBox, view: this.#card }, card, this.#answer?.noun ?? 'rows');
      byId('said').textContent = card.sentence;
    } catch {
      // The fit that the group was of has gone: the next one brings its own card.
    }
  });

  #found(): void {
    const text = this.#search.value.trim().toLowerCase();
    const groups = this.#answer?.groups ?? [];
    const exact = groups.find(({ level }) => level.toLowerCase() === text);
    const near = text === '' ? [] : groups.filter(({ level }) => level.toLowerCase().includes(text)).slice(0, 20);
    byId('names').replaceChildren(...near.map(({ level }) => element('option', { value: level })));
    const hit = exact ?? (near.length === 1 ? near[0] : undefined);
    if (hit) this.choose(hit.level);
  }

  #taken(count: number, of: number): void {
    const factor = this.#answer?.factor;
    const level = this.#kept?.level ?? this.#chosen;
    if (!factor || level === null) return;
    this.#kept = count === of ? null : { factor, level, count };
    this.#refit(this.#kept);
  }

  readonly #refit = latest<Kept | null>(async (kept) => {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const answer = await this.#engine.ask('estimate', {
        formula: this.#formula.value.trim(),
        family: this.#family.value,
        kept,
        factor: this.#factor,
      });
      if (asked !== this.#asked) return;
      this.#tau.path = null;
      this.#show(answer);
      this.#pill('grey', `estimate by ${answer.label}, ${Math.round(answer.milliseconds)} ms`);
      byId('news').textContent = '';
      document.body.dataset['state'] = 'refitted';
    } catch (error) {
      this.#fault(this.#sentence(error));
    }
    if (this.#release) {
      this.#release = false;
      await this.#draw(this.#asked);
    }
  });
  #release = false;

  /** The slider was let go: the chains run on what it left. */
  #settled(): void {
    this.#release = true;
    this.#refit(this.#kept);
  }

  #held(step: number | null): void {
    const picture = this.#answer?.picture;
    if (!picture) return;
    if (this.#tabs.chosen !== 'shrinkage') this.#tabs.choose('shrinkage');
    const ground = onAxesOf(picture, this.#kept ? this.#ground : null);
    this.#main.show(step === null || !this.#tau.path ? ground : heldAt(ground, this.#tau.path, step));
  }

  async #check(): Promise<void> {
    const text = this.#formula.value.trim();
    if (text === '') return;
    try {
      const { words } = await this.#engine.ask('check', { formula: text, family: this.#family.value });
      byId('reading').textContent = words;
      if (document.body.dataset['state'] !== 'refused') this.#fault('');
    } catch (error) {
      this.#fault(this.#sentence(error));
    }
  }

  #takeAways(): void {
    const button = (title: string, action: () => void | Promise<void>) =>
      element('button', { type: 'button', onclick: () => void this.#try(async () => action()) }, title);
    const file = (kind: 'json' | 'report' | 'csv') => async () => save(await this.#engine.ask('download', kind));
    byId('downloads').replaceChildren(
      button('Fit as JSON', file('json')),
      button('Report', file('report')),
      button('Table as CSV', file('csv')),
      button('Picture as SVG', () => (this.#main.picture ? saveSvg(this.#main.picture) : undefined)),
      button('Picture as PNG', () => (this.#main.picture ? savePng(this.#main.picture) : undefined)),
      button('Copy a link', () => this.#copy(location.href)),
      button('As a program, in a shell, in R', () => this.#code()),
    );
  }

  async #code(): Promise<void> {
    const { program, shell, r } = await this.#engine.ask('code', this.#seed);
    byId('code').replaceChildren(
      ...(
        [
          ['Program', program],
          ['Shell', shell],
          ['R (lme4)', r],
        ] as const
      ).map(([title, text]) =>
        element(
          'figure',
          {},
          element(
            'figcaption',
            {},
            title,
            ' ',
            element(
              'button',
              { type: 'button', onclick: () => void this.#copy(text) },
              `Copy`,
              element('span', { className: 'hidden' }, ` the ${title}`),
            ),
          ),
          element('pre', { tabIndex: 0 }, text),
        ),
      ),
    );
  }

  async #copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    byId('said').textContent = 'Copied.';
  }

  async #try(task: () => Promise<void>): Promise<void> {
    try {
      await task();
      this.#banner('');
    } catch (error) {
      this.#banner(this.#sentence(error));
      if (!this.#answer) document.body.dataset['state'] = 'refused';
    }
  }

  #sentence(error: unknown): string {
    const sentence = error instanceof Error ? error.message : String(error);
    return error instanceof EngineFault && !error.expected
      ? `Something went wrong on this page: ${sentence}`
      : sentence;
  }

  #banner(text: string): void {
    const banner = byId('banner');
    banner.hidden = text === '';
    banner.textContent = text;
    if (text !== '') banner.focus();
  }

  #fault(text: string): void {
    byId('fault').textContent = text;
    this.#formula.setAttribute('aria-invalid', String(text !== ''));
  }

  #pill(colour: string, words: string): void {
    const pill = byId('pill');
    pill.className = `pill ${colour}`;
    pill.textContent = words;
  }
}
