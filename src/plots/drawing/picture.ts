import { deepFreeze } from '../../input/deepFreeze.ts';

/** What a mark stands for; `style.ts` gives each its colour in either theme. */
export type Role =
  | 'own'
  | 'partial'
  | 'population'
  | 'complete'
  | 'prior'
  | 'likelihood'
  | 'data'
  | 'muted'
  | 'chain1'
  | 'chain2'
  | 'chain3'
  | 'chain4';

/** One row of the numbers drawn. */
export type PictureRow = Readonly<Record<string, string | number | null>>;

/** A tick: where it is and what is written there; `title` is the full text where `text` is cut. */
export interface Tick {
  readonly value: number;
  readonly text: string;
}

/** One axis of a panel. */
export interface Axis {
  readonly scale: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly label?: string;
  /** Ticks in place of those of the scale. */
  readonly ticks?: readonly Tick[];
  /** Whether only whole numbers have ticks, as of counts. */
  readonly whole?: boolean;
  /** How many ticks to aim at. */
  readonly count?: number;
  /** Whether hairlines are drawn at the ticks; default true. */
  readonly grid?: boolean;
  /** Whether ticks are written; default true. */
  readonly show?: boolean;
}

/** A place in data units; `key` is the group or row a reader can choose there. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly key?: string;
}

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export type Dash = 'solid' | 'dashed' | 'dotted' | 'short';

/** What is drawn in a panel, in data units; sizes in pixels. */
export type Mark =
  | {
      readonly kind: 'dots';
      readonly role: Role;
      readonly points: readonly Place[];
      readonly radius: number;
      readonly shape: 'dot' | 'ring' | 'diamond';
      readonly opacity?: number;
    }
  | {
      readonly kind: 'segments';
      readonly role: Role;
      readonly segments: readonly Segment[];
      readonly width: number;
      readonly opacity?: number;
      readonly arrow?: boolean;
    }
  | {
      readonly kind: 'line';
      readonly role: Role;
      readonly points: readonly Place[];
      readonly width: number;
      readonly dash?: Dash;
      readonly opacity?: number;
      /** A step in the middle between two points. */
      readonly steps?: boolean;
    }
  | {
      readonly kind: 'band';
      readonly role: Role;
      readonly points: readonly { readonly x: number; readonly low: number; readonly high: number }[];
      readonly opacity: number;
    }
  | {
      readonly kind: 'rule';
      readonly role: Role;
      readonly x?: number;
      readonly y?: number;
      readonly width: number;
      readonly dash?: Dash;
    }
  | {
      readonly kind: 'labels';
      /** In the order of their importance. */
      readonly labels: readonly { readonly x: number; readonly y: number; readonly text: string }[];
    };

/** A frame with two axes. */
export interface Panel {
  readonly title?: string;
  readonly note?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Height of the frame in pixels. */
  readonly height: number;
  /** Width of the panel among those of its line; default 1. */
  readonly share?: number;
  /** Texts at the right of the frame, in units of y. */
  readonly right?: readonly Tick[];
  readonly rightTitle?: string;
  readonly marks: readonly Mark[];
}

/** One entry of the legend. */
export interface LegendEntry {
  readonly role: Role;
  readonly shape: 'dot' | 'ring' | 'diamond' | 'line' | 'band' | 'bar';
  readonly text: string;
  readonly dash?: Dash;
}

/** A picture as plain data: what is said about it, what is drawn, and the numbers behind it. */
export interface Picture {
  readonly name: string;
  readonly title: string | null;
  readonly subtitle: string | null;
  readonly caption: string | null;
  /** The picture in words, for who cannot see it. */
  readonly description: string;
  readonly legend: readonly LegendEntry[];
  /** Panels side by side where there is room, and where there is not (below 560 pixels). */
  readonly columns: readonly [wide: number, narrow: number];
  readonly panels: readonly Panel[];
  readonly rows: readonly PictureRow[];
}

/** A frozen picture. */
export function picture(parts: Picture): Picture {
  return deepFreeze(parts);
}
