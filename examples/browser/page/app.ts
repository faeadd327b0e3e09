import type { Picture, Theme } from '../../../src/plots/index.ts';
import type { Answer, Kept, Question, Source, TableInfo } from '../protocol.ts';
import { cardView } from './cardView.ts';
import { byId, element } from './element.ts';
import { EngineClient, EngineFault } from './engineClient.ts';
import { FormulaBox } from './formulaBox.ts';
import { heldAt, onAxesOf } from './heldPicture.ts';
import { latest } from './latest.ts';
import { type Link, writeLink } from './link.ts';
import { PictureView } from './pictureView.ts';
import { found, results } from './results.ts';
import { showTab } from './showTab.ts';
import { KeepSlider, TauSlider } from './sliders.ts';
import { Status, sentenceOf } from './status.ts';
import { focusChip, suggestionButtons, tableOpened } from './strip.ts';
import { type TabName, Tabs } from './tabs.ts';
import { takeAways } from './takeAways.ts';

/** The page: what is open, what is asked, and what is shown of the answer. */
export class App {
  readonly #engine = new EngineClient();
  readonly #status = new Status();
  readonly #formula = new FormulaBox();
  readonly #family = byId<HTMLSelectElement>('family');
  readonly #main = new PictureView(byId('picture'), (level) => this.choose(level));
  readonly #cardBox = element('div', { id: 'card-picture' });
  readonly #card = new PictureView(this.#cardBox);
  readonly #tabs = new Tabs(byId('tabs'), (name) => void this.#showTab(name));
  readonly #keep = new KeepSlider(
    (count, of) => this.#taken(count, of),
    () => this.#refit({ kept: this.#kept, released: true }),
  );
  readonly #tau = new TauSlider((step) => this.#held(step));
  #table: TableInfo | null = null;
  #asText: ReadonlySet<string> = new Set();
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
    this.#engine.onNews = (news) => this.#status.chains(news);
    byId('ask').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#anew();
    });
    byId('formula').addEventListener('input', () => {
      void this.#build();
      this.#check(null);
    });
    byId('builder').addEventListener('toggle', () => void this.#build());
    byId('equations').addEventListener('toggle', () => void this.#equations());
    this.#family.addEventListener('change', () => this.#check(null));
    byId('search').addEventListener('input', () => {
      const level = this.#answer && found(this.#answer, byId<HTMLInputElement>('search').value);
      if (level !== null) this.choose(level);
    });
    byId('factor').addEventListener('change', () => {
      this.#factor = byId<HTMLSelectElement>('factor').value;
      void this.#anew();
    });
    byId('stop').addEventListener('click', () => void this.#engine.ask('stop'));
    byId('again').addEventListener('click', () => this.#again());
    byId('new-group').addEventListener('click', () => {
      void this.#attempt(async () => {
        byId('new-group-out').textContent = (await this.#engine.ask('newGroup')).words;
      });
    });
    takeAways({
      engine: this.#engine,
      picture: () => (this.#tabs.chosen === 'table' ? null : this.#main.picture),
      seed: () => this.#seed,
      attempt: (task) => this.#attempt(task),
    });
  }

  /** The same model by another seed. */
  #again(): void {
    this.#seed += 1;
    this.#link();
    void this.#draw(this.#asked);
  }

  /** The address of the page holds what was asked, and never data. */
  #link(): void {
    const { formula, family } = this.#question(null);
    const said = writeLink({ example: this.#table?.example ?? null, formula, family, seed: this.#seed });
    history.replaceState(null, '', said);
  }

  set theme(theme: Theme) {
    this.#main.theme = theme;
    this.#card.theme = theme;
  }

  /** Opens a table, and fits its first formula or the one of a link. */
  async open(source: Source, link: Link | null = null): Promise<void> {
    this.#status.state = 'reading';
    await this.#attempt(async () => {
      const table = await this.#engine.ask('open', source);
      this.#seed = link?.seed ?? 1;
      this.#shown(table, new Set(), link?.formula ?? table.formula);
      this.#family.value = link?.family ?? 'auto';
      await this.#anew();
    });
  }

  #shown(table: TableInfo, asText: ReadonlySet<string>, formula: string): void {
    this.#table = table;
    this.#asText = asText;
    this.#kept = null;
    this.#factor = null;
    tableOpened(table, asText, (column) => void this.#toggle(column));
    this.#formula.columns = table.columns;
    this.#write(formula);
    suggestionButtons(byId('suggestions'), table.suggestions, (text) => {
      this.#write(text);
      void this.#anew();
    });
  }

  #write(formula: string): void {
    this.#formula.text = formula;
    void this.#build();
  }

  /** The sentence beside the formula follows it, and writes it, where it is looked at. */
  async #build(): Promise<void> {
    if (!byId<HTMLDetailsElement>('builder').open || !this.#table) return;
    const { builder } = await import('./builder.ts');
    builder(byId('sentence'), this.#table.columns, this.#formula.text, (formula) => {
      this.#write(formula);
      this.#check(null);
    });
  }

  /** The equations of the model that was fitted, where they are looked at. */
  async #equations(): Promise<void> {
    if (!byId<HTMLDetailsElement>('equations').open || !this.#answer) return;
    await this.#attempt(async () => {
      // Its names are escaped where it is made.
      byId('mathematics').innerHTML = (await this.#engine.ask('equations')).join('');
    });
  }

  /** Has a column read as text, or as numbers again. */
  async #toggle(column: string): Promise<void> {
    await this.#attempt(async () => {
      const next = new Set(this.#asText);
      if (!next.delete(column)) next.add(column);
      this.#shown(await this.#engine.ask('asText', [...next]), next, this.#formula.text);
      focusChip(column);
      await this.#anew();
    });
  }

  #question(kept: Kept | null): Question {
    return { formula: this.#formula.text, family: this.#family.value, kept, factor: this.#factor };
  }

  /** Fits what the formula says to all rows: the first estimate, then the chains. */
  async #anew(): Promise<void> {
    this.#kept = null;
    this.#asked += 1;
    const asked = this.#asked;
    const question = this.#question(null);
    byId('fit').hidden = false;
    this.#status.state = 'estimating';
    this.#status.pill('grey', 'estimating');
    this.#status.news('');
    this.#status.findings([]);
    try {
      if (question.formula === '')
        throw new EngineFault({
          sentence:
            'Write a model, as in y ~ x + (1 | group): what is predicted, from what, and by which groups it differs.',
          expected: true,
          code: '',
        });
      const answer = await this.#engine.ask('estimate', question);
      if (asked !== this.#asked) return;
      this.#ground = answer.picture;
      this.#show(answer);
      this.#status.pill('grey', `first estimate by ${answer.label}, ${Math.round(answer.milliseconds)} ms`);
      this.#status.state = 'estimated';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#refused(error, question.formula);
      // A model of a family without a likelihood fit has a posterior all the same.
      if (!(error instanceof EngineFault && error.code === 'not-supported')) return;
    }
    this.#link();
    this.#check(null);
    await this.#draw(asked);
  }

  #refused(error: unknown, formula: string): void {
    this.#status.fault(error, formula);
    this.#status.pill('grey', 'no estimate');
    this.#status.drawing(false);
    byId('again').hidden = true;
    this.#status.state = 'refused';
    byId('result').hidden = true;
    byId('out').hidden = true;
    this.#answer = null;
  }

  async #draw(asked: number): Promise<void> {
    this.#status.drawing(true);
    this.#status.state = 'drawing';
    try {
      const drawn = await this.#engine.ask('sample', this.#seed);
      if (!drawn || asked !== this.#asked) return;
      if (!this.#kept) this.#ground = drawn.answer.picture;
      this.#status.noFault();
      this.#show(drawn.answer);
      this.#status.verdict(drawn.verdict, drawn.answer.messages);
      this.#status.drawing(false);
      this.#tau.path = await this.#engine.ask('path').catch(() => null);
      if (asked === this.#asked) this.#status.state = 'drawn';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#status.fault(error, this.#formula.text);
      this.#status.pill('grey', this.#answer ? 'the first estimate stands' : 'no draws');
      this.#status.drawing(false);
      this.#status.state = this.#answer ? 'estimated' : 'refused';
    }
  }

  #show(answer: Answer): void {
    this.#answer = answer;
    this.#status.noFault();
    this.#tau.path = null;
    void this.#equations();
    this.#status.findings(answer.messages);
    results(answer);
    if (!answer.groups.some(({ level }) => level === this.#chosen)) this.#chosen = answer.first;
    void this.#showTab(this.#tabs.chosen);
    this.choose(this.#chosen);
  }

  async #showTab(name: TabName): Promise<void> {
    if (!this.#answer) return;
    if (name === 'shrinkage') this.#showShrinkage();
    await showTab(name, this.#engine, this.#main, () => this.#tabs.chosen === name);
  }

  #showShrinkage(): void {
    const picture = this.#answer?.picture;
    if (picture) this.#main.show(onAxesOf(picture, this.#kept ? this.#ground : null), this.#chosen);
    else this.#main.say('Nothing varies by group in this model. The other tabs show what there is.');
  }

  /** A group, by whatever way it was chosen. */
  choose(level: string | null): void {
    const group = this.#answer?.groups.find((each) => each.level === level);
    this.#main.select(level);
    byId('card').hidden = !group;
    if (!group || !this.#answer) {
      if (!this.#kept) this.#keep.hide();
      return;
    }
    this.#chosen = group.level;
    this.#askCard(group.level);
    if (this.#kept && this.#kept.level !== level) return;
    const noun = group.n === group.rows || this.#kept ? this.#answer.noun : 'rows';
    this.#keep.group(group.level, noun, this.#kept?.count ?? group.rows, group.rows);
  }

  readonly #askCard = latest<string>(async (level) => {
    try {
      const card = await this.#engine.ask('card', level);
      cardView(byId('card'), { box: this.#cardBox, view: this.#card }, card, this.#answer?.noun ?? 'rows');
      byId('said').textContent = card.sentence;
    } catch (error) {
      // The fit that the group was of has gone: the next one brings its own card.
      if (!(error instanceof EngineFault)) throw error;
    }
  });

  #taken(count: number, of: number): void {
    const factor = this.#answer?.factor;
    const level = this.#kept?.level ?? this.#chosen;
    if (!factor || level === null) return;
    this.#kept = count === of ? null : { factor, level, count };
    this.#refit({ kept: this.#kept, released: false });
  }

  /** An estimate while the slider moves; the chains when it was let go. */
  readonly #refit = latest<{ readonly kept: Kept | null; readonly released: boolean }>(async ({ kept, released }) => {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const answer = await this.#engine.ask('estimate', this.#question(kept));
      if (asked !== this.#asked) return;
      this.#show(answer);
      this.#status.drawing(false);
      this.#status.pill('grey', `estimate by ${answer.label}, ${Math.round(answer.milliseconds)} ms`);
      this.#status.news('');
      this.#status.state = 'refitted';
    } catch (error) {
      this.#status.fault(error, this.#formula.text);
    }
    if (released) void this.#draw(asked);
  });

  #held(step: number | null): void {
    const picture = this.#answer?.picture;
    if (!picture) return;
    if (this.#tabs.chosen !== 'shrinkage') this.#tabs.choose('shrinkage');
    const ground = onAxesOf(picture, this.#kept ? this.#ground : null);
    this.#main.show(step === null || !this.#tau.path ? ground : heldAt(ground, this.#tau.path, step));
  }

  /** Says the model in words, or what is wrong with the formula so far. */
  readonly #check = latest<null>(async () => {
    const { formula, family } = this.#question(null);
    if (formula === '') return;
    try {
      byId('reading').textContent = (await this.#engine.ask('check', { formula, family })).words;
      if (this.#status.state !== 'refused') this.#status.noFault();
    } catch (error) {
      this.#status.fault(error, formula);
    }
  });

  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      this.#status.banner('');
      await task();
    } catch (error) {
      this.#status.banner(sentenceOf(error));
      // What was fitted before stays as it is.
      this.#status.state = this.#answer ? 'drawn' : 'refused';
    }
  }
}
