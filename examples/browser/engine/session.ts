import {
  ChainFailure,
  type FamilySpelling,
  type Fit,
  type Frame,
  formula,
  ModelError,
  type ModelFit,
  maximumLikelihood,
} from '../../../src/index.ts';
import type { Answer, Card, ChainNews, Engine, Path, Question, TableInfo, Verdict } from '../protocol.ts';
import { answer, withoutRows } from './answer.ts';
import { card } from './card.ts';
import { columnChips } from './columnChips.ts';
import { EXAMPLES } from './examples.ts';
import { type GroupFacts, groupFacts } from './groupFacts.ts';
import { guessFamily } from './guessFamily.ts';
import { keepRows, rowsByLevel } from './keepRows.ts';
import { withLate } from './late.ts';
import { type OpenTable, openTable } from './openTable.ts';
import { suggestions } from './suggestions.ts';

/** Milliseconds without sampling news, at least. */
const CHECKPOINT = 0.35;

/** What is open in the page: a table, a model, and its fits. */
export class Session {
  #table: OpenTable | null = null;
  #asText: readonly string[] = [];
  #question: Question | null = null;
  #family: FamilySpelling = 'gaussian';
  #rows: Frame | null = null;
  #byLevel: Map<string, number[]> | null = null;
  #fit: ModelFit | null = null;
  #facts: GroupFacts | null = null;
  #chains: AbortController | null = null;
  readonly #tell: (news: ChainNews) => void;
  readonly #worker: () => Worker;

  constructor(tell: (news: ChainNews) => void, worker: () => Worker) {
    this.#tell = tell;
    this.#worker = worker;
  }

  async open(source: Parameters<Engine['open']>[0]): Promise<TableInfo> {
    const table = await openTable(source);
    return this.#opened(table, []);
  }

  asText(columns: readonly string[]): TableInfo {
    return this.#opened(this.#open().again(columns), columns);
  }

  async check({ formula: text, family }: Pick<Question, 'formula' | 'family'>): Promise<ReturnType<Engine['check']>> {
    const chosen = family === 'auto' ? guessFamily(text, this.#open().frame) : (family as FamilySpelling);
    const graph = formula(text, { family: chosen });
    const { describe } = await import('./words.ts');
    return { words: describe(graph), family: chosen };
  }

  estimate(question: Question): Answer {
    const begin = performance.now();
    this.#chains?.abort();
    const { frame } = this.#open();
    this.#family =
      question.family === 'auto' ? guessFamily(question.formula, frame) : (question.family as FamilySpelling);
    this.#question = question;
    this.#fit = null;
    this.#facts = null;
    const rows = question.kept ? keepRows(frame, question.kept) : frame;
    this.#rows = rows;
    // The formula is checked against the table before the engine is asked, so that a fault of either is its own
    // sentence.
    const graph = formula(question.formula, { family: this.#family });
    const fit = maximumLikelihood(graph, { rows }, { missing: 'drop' });
    return this.#answer(fit, [...fit.messages, ...fit.boundary], begin);
  }

  /**
   * Four chains, each in a worker of its own as far as there are processors. Null where another question came before.
   */
  async sample(seed: number): Promise<{ answer: Answer; verdict: Verdict } | null> {
    const begin = performance.now();
    const question = this.#question;
    if (!question || !this.#rows) throw new ModelError('no-model', 'sample', 'there is no model to draw from yet');
    this.#chains?.abort();
    const chains = new AbortController();
    this.#chains = chains;
    const { chainNews, sample, verdict } = await import('./sampling.ts');
    if (this.#question !== question || this.#chains !== chains) return null;
    let looks: Pick<ChainNews, 'rhat' | 'ess' | 'traces'> = { rhat: null, ess: null, traces: null };
    const graph = formula(question.formula, { family: this.#family });
    const run = (workers: number | false): Promise<Fit> =>
      sample(
        graph,
        { rows: this.#rows! },
        {
          seed,
          missing: 'drop',
          workers,
          worker: this.#worker,
          signal: chains.signal,
          checkpointSeconds: CHECKPOINT,
          onCheckpoint: ({ fit }) => {
            if (this.#chains === chains) looks = chainNews(fit);
          },
          onProgress: ({ done, total, phase }) => {
            if (this.#chains === chains) this.#tell({ done, total, phase, ...looks });
          },
        },
      );
    let lost: string | null = null;
    let fit: Fit;
    try {
      fit = await run(Math.min(4, navigator.hardwareConcurrency || 2)).catch((error: unknown) => {
        // A browser that starts no workers in workers draws here, in turn: the same draws, more slowly.
        if (error instanceof ModelError && error.code === 'worker-start') return run(false);
        throw error;
      });
    } catch (error) {
      if (this.#question !== question || this.#chains !== chains) return null;
      if (chains.signal.aborted && !(error instanceof ChainFailure))
        throw new ModelError('stopped', 'sample', 'The chains were stopped before there were draws to keep.');
      if (!(error instanceof ChainFailure) || !error.fit) throw error;
      // What was drawn before a worker died is kept.
      lost = error.message;
      fit = error.fit;
    }
    if (this.#question !== question || this.#chains !== chains) return null;
    // Asked again by themselves: the draws are not drawn twice.
    const told = await withLate(() => this.#answer(fit, lost === null ? [] : [lost], begin));
    return { answer: told, verdict: await withLate(() => verdict(fit, (performance.now() - begin) / 1000)) };
  }

  stop(): null {
    this.#chains?.abort();
    return null;
  }

  card(level: string): Card {
    if (!this.#facts) throw new ModelError('no-fit', 'card', 'nothing is fitted yet');
    return card(this.#facts, level, this.#rowsOf(level));
  }

  async picture(tab: string): Promise<ReturnType<Engine['picture']>> {
    const fit = this.fit();
    const { morePicture } = await import('./morePictures.ts');
    return withoutRows(morePicture(tab, fit, this.#facts?.factor ?? null, this.#units()));
  }

  async table(): Promise<ReturnType<Engine['table']>> {
    const { shownTable } = await import('./takeAway.ts');
    return shownTable(this.fit(), this.#facts);
  }

  async path(): Promise<Path> {
    const { path } = await import('./path.ts');
    return path(this.fit(), this.#facts);
  }

  async equations(): Promise<ReturnType<Engine['equations']>> {
    const fit = this.fit();
    const { modelMath } = await import('./equations.ts');
    const { multilevel, composite } = modelMath(fit);
    return [...multilevel, composite];
  }

  async newGroup(): Promise<ReturnType<Engine['newGroup']>> {
    const { newGroup } = await import('./newGroup.ts');
    if (!this.#facts) throw new ModelError('no-factor', 'newGroup', 'nothing varies by group in this model');
    return { words: newGroup(this.#facts) };
  }

  async download(kind: Parameters<Engine['download']>[0]): Promise<ReturnType<Engine['download']>> {
    const { takeAway } = await import('./takeAway.ts');
    return takeAway(kind, this.fit(), this.#facts, this.#open().name);
  }

  async code(seed: number): Promise<ReturnType<Engine['code']>> {
    const { program, shell, rCode } = await import('./programs.ts');
    const { name, example } = this.#open();
    const { design } = this.fit();
    const recipe = {
      example,
      file: name,
      formula: this.#question!.formula,
      family: this.#family,
      seed,
      asText: this.#asText,
      dropped: design.dropped > 0,
      factor: this.#facts?.factor ?? null,
    };
    return { program: program(recipe), shell: shell(recipe), r: rCode(recipe) };
  }

  private fit(): ModelFit {
    if (!this.#fit) throw new ModelError('no-fit', 'fit', 'nothing is fitted yet');
    return this.#fit;
  }

  #open(): OpenTable {
    if (!this.#table) throw new ModelError('no-table', 'open', 'no table is open yet');
    return this.#table;
  }

  #opened(table: OpenTable, asText: readonly string[]): TableInfo {
    const columns = columnChips(table.frame);
    const formulas = table.example === null ? suggestions(columns) : EXAMPLES[table.example]!.formulas;
    this.#chains?.abort();
    this.#table = table;
    this.#asText = asText;
    this.#question = null;
    this.#byLevel = null;
    this.#fit = null;
    this.#facts = null;
    return {
      name: table.name,
      example: table.example,
      n: table.frame.n,
      columns,
      formula: formulas[0]?.formula ?? '',
      suggestions: formulas,
    };
  }

  #answer(fit: ModelFit, messages: readonly string[], begin: number): Answer {
    const { example } = this.#open();
    const noun = example === null ? (['row', 'rows'] as const) : EXAMPLES[example]!.noun;
    const facts = groupFacts(fit, this.#question!.factor, noun);
    if (facts?.factor !== this.#facts?.factor) this.#byLevel = null;
    this.#fit = fit;
    this.#facts = facts;
    return answer(fit, facts, {
      rowsOf: (level) => this.#rowsOf(level),
      units: this.#units(),
      messages,
      milliseconds: performance.now() - begin,
    });
  }

  #units(): Readonly<Record<string, string>> {
    const { example } = this.#open();
    return example === null ? {} : EXAMPLES[example]!.units;
  }

  /** Rows of a group in the table as it was opened; 0 where the factor is no column of it. */
  #rowsOf(level: string): number {
    this.#byLevel ??= rowsByLevel(this.#open().frame, this.#facts?.factor ?? '');
    return this.#byLevel.get(level)?.length ?? 0;
  }
}
