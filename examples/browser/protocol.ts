import type { Picture } from '../../src/plots/index.ts';

/** A column as its chip shows it. */
export interface ColumnChip {
  readonly name: string;
  readonly kind: 'number' | 'text' | 'unusable';
  readonly missing: number;
  readonly distinct: number;
  /** Counts in bins of equal width, or of the commonest values of a text. */
  readonly bins: readonly number[];
  /** Whether it may say which group a row belongs to. */
  readonly groups: boolean;
  /** The grouping column within whose groups it does not change, or null. */
  readonly constantIn: string | null;
  /** Whether it only numbers the rows: whole numbers, each of them once. */
  readonly numbersRows: boolean;
  readonly note: string;
}

/** A table that was opened. */
export interface TableInfo {
  readonly name: string;
  /** The name of the example it is, or null. */
  readonly example: string | null;
  readonly n: number;
  readonly columns: readonly ColumnChip[];
  readonly formula: string;
  readonly suggestions: readonly Suggestion[];
}

/** A formula to try, and what it says. */
export interface Suggestion {
  readonly formula: string;
  readonly says: string;
}

/** What is opened: an example by its name, or a file. */
export type Source = { readonly example: string } | { readonly file: Blob; readonly name: string };

/** Rows that the slider leaves to a group. */
export interface Kept {
  readonly factor: string;
  readonly level: string;
  readonly count: number;
}

/** A model to be fitted. */
export interface Question {
  readonly formula: string;
  /** `auto`: by the values of the response. */
  readonly family: string;
  readonly kept: Kept | null;
  readonly factor: string | null;
}

/** A group in the lists of the page. */
export interface GroupName {
  readonly level: string;
  /** Rows, or trials, that it has in the fit. */
  readonly n: number;
  /** Rows that it has in the table. */
  readonly rows: number;
}

/** What is known of a fit of either engine. */
export interface Answer {
  readonly by: 'estimate' | 'posterior';
  /** `REML`, `Laplace`, or `posterior`. */
  readonly label: string;
  readonly family: string;
  readonly factors: readonly string[];
  /** The factor of the picture; null where nothing varies by group. */
  readonly factor: string | null;
  readonly picture: Picture | null;
  readonly groups: readonly GroupName[];
  /** The group to begin with: a small one that moves. */
  readonly first: string | null;
  /** What happened, for who has never heard of partial pooling. */
  readonly story: readonly { readonly heading: string; readonly text: string }[];
  /** What the engine has to say of the fit, a sentence each. */
  readonly messages: readonly string[];
  readonly noun: string;
  readonly milliseconds: number;
}

/** The verdict on draws. */
export interface Verdict {
  readonly colour: 'green' | 'amber' | 'red';
  readonly words: string;
  readonly findings: readonly string[];
  readonly rhat: number;
  readonly ess: number;
  readonly draws: number;
  readonly seconds: number;
}

/** How far the chains are. */
export interface ChainNews {
  readonly done: number;
  readonly total: number;
  readonly phase: 'preparing' | 'warmup' | 'sampling';
  /**
   * The largest R-hat and the smallest effective sample size of the population level so far; null before there are
   * enough draws.
   */
  readonly rhat: number | null;
  readonly ess: number | null;
  /** Some draws of one quantity, by chain. */
  readonly traces: { readonly name: string; readonly chains: readonly (readonly number[])[] } | null;
}

/** A row of the card of a group. */
export interface CardNumber {
  readonly role: 'own' | 'partial' | 'population';
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

/** One varying coefficient of a group. */
export interface CardTerm {
  readonly term: string;
  readonly numbers: readonly CardNumber[];
  /** The share of the common line, 0 to 1, and what it is. */
  readonly weight: number;
  readonly weightWords: string;
}

/** What the card beside the picture shows of a group. */
export interface Card {
  readonly level: string;
  readonly n: number;
  readonly rows: number;
  readonly sentence: string;
  readonly terms: readonly CardTerm[];
  readonly picture: Picture | null;
}

export type DownloadKind = 'json' | 'report' | 'csv';
export interface Download {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}

/** The shrinkage of every group while the spread between groups is held at values of it. */
export interface Path {
  /** Values of tau, from 0 on. */
  readonly tau: readonly number[];
  /** Where the estimate is. */
  readonly estimate: number;
  /** By group, its coefficient at each value of tau. */
  readonly coefficients: Readonly<Record<string, readonly number[]>>;
}

/** A new group of which nothing is known but the others. */
export interface NewGroup {
  readonly words: string;
}

export interface ShownTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly note: string;
}

/** What the page may ask of the engine; every answer comes later. */
export interface Engine {
  open(source: Source): TableInfo;
  /** Has columns read as text, whatever their cells look like. */
  asText(columns: readonly string[]): TableInfo;
  /** Whether a formula is one; throws its sentence. */
  check(question: Pick<Question, 'formula' | 'family'>): { readonly words: string; readonly family: string };
  estimate(question: Question): Answer;
  /** Null where another question came before there were draws. */
  sample(seed: number): { readonly answer: Answer; readonly verdict: Verdict } | null;
  stop(): null;
  card(level: string): Card;
  picture(tab: string): Picture;
  table(): ShownTable;
  path(): Path;
  newGroup(): NewGroup;
  /** The model that was fitted in both notations, as HTML with MathML, escaped. */
  equations(): readonly string[];
  download(kind: DownloadKind): Download;
  code(seed: number): { readonly program: string; readonly shell: string; readonly r: string };
}

export type Name = keyof Engine;
export type Asked<K extends Name> = Parameters<Engine[K]> extends [infer A] ? A : null;
export type Told<K extends Name> = ReturnType<Engine[K]>;

/** From the page to the engine. */
export interface Request<K extends Name = Name> {
  readonly id: number;
  readonly name: K;
  readonly argument: Asked<K>;
}

/** What is wrong, in one sentence; `expected` is false for a fault of the program. */
export interface Fault {
  readonly sentence: string;
  readonly expected: boolean;
  /** The code of the library's error, or ''. */
  readonly code: string;
  /** The part of the formula that it is about, from an index to the one after it. */
  readonly place?: readonly [number, number] | null;
}

/** From the engine to the page. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: Fault }
  | { readonly news: ChainNews };
