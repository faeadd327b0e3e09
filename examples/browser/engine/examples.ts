import type { ColumnInput } from '../../../src/index.ts';
import type { Suggestion } from '../protocol.ts';

/** An example of the page. */
export interface Example {
  readonly columns: () => Promise<Columns>;
  /** What one row is. */
  readonly noun: readonly [one: string, many: string];
  readonly units: Readonly<Record<string, string>>;
  readonly formulas: readonly Suggestion[];
}

type Columns = Readonly<Record<string, ColumnInput>>;

/**
 * The data of an example: a file of its own beside the built engine, fetched when the example is opened. The address is
 * that of the worker: this file may stand in a chunk.
 */
const data = async (name: string): Promise<Columns> => {
  const { columns } = (await import(new URL(`data/${name}.js`, globalThis.location.href).href)) as {
    readonly columns: Columns;
  };
  return columns;
};

/** The examples by name. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  radon: {
    columns: () => data('radon'),
    noun: ['house', 'houses'],
    units: { log_radon: 'log of picocuries a litre' },
    formulas: [
      { formula: 'log_radon ~ floor + (1 | county)', says: 'every county has a level of its own' },
      { formula: 'log_radon ~ floor + log_uranium + (1 | county)', says: 'uranium in the soil explains counties' },
      { formula: 'log_radon ~ floor + (1 + floor | county)', says: 'what a basement adds differs by county, too' },
    ],
  },
  sleepstudy: {
    columns: () => data('sleepstudy'),
    noun: ['day', 'days'],
    units: { Reaction: 'milliseconds' },
    formulas: [
      { formula: 'Reaction ~ Days + (1 + Days | Subject)', says: 'every driver has a line of their own' },
      { formula: 'Reaction ~ Days + (1 | Subject)', says: 'drivers differ in level alone' },
      { formula: 'Reaction ~ Days + (1 + Days || Subject)', says: 'level and slope, not tied to each other' },
    ],
  },
  hsb: {
    columns: () => data('hsb'),
    noun: ['pupil', 'pupils'],
    units: {},
    formulas: [
      { formula: 'mathach ~ ses + (1 | school)', says: 'every school has a level of its own' },
      { formula: 'mathach ~ ses + sector + (1 | school)', says: 'Catholic and public schools differ' },
      { formula: 'mathach ~ ses + (1 + ses | school)', says: 'what family background does differs by school' },
    ],
  },
  voters: {
    columns: () => data('voters'),
    noun: ['voter', 'voters'],
    units: {},
    formulas: [
      { formula: 'yes | trials(n) ~ income + (1 | state)', says: 'every state has a level of its own' },
      { formula: 'yes | trials(n) ~ income + avgincome + (1 | state)', says: 'rich and poor states differ' },
      { formula: 'yes | trials(n) ~ income + (1 + income | state)', says: 'what income does differs by state' },
    ],
  },
};
