import { DRAWS_LINES_SCHEMA } from '../../diagnostics/reading/drawsLines.ts';
import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { Draws } from '../mcmc/draws.ts';
import { drawText, takeDraw } from './drawsJson.ts';

/** Draws of some chains, as they come from sampling. */
export interface DrawnLines {
  /** Of all variables, of the chains in their order; the first of them is number `from` of its chain (from 0 on). */
  readonly draws: Draws;
  /** Numbers of the chains, from 0 on. */
  readonly chains: readonly number[];
  readonly from: number;
  /** How many draws each chain is to have in the end. */
  readonly total: number;
}

/**
 * The first line of a file whose first draws these are, one JSON object a line (NDJSON): schema, version, the variables
 * with names, dims and coords, how many chains, and draws of each at most. Throws `not-draws`.
 */
export function drawsHeader(drawn: DrawnLines): string {
  checkDrawn('drawsHeader', drawn);
  const { chains, total } = drawn;
  const { variables } = drawn.draws;
  const named = variables.map(({ name, dims, coords }) => ({ name, dims, coords }));
  const header = { schema: DRAWS_LINES_SCHEMA, version: 1, chains: chains.length, draws: total, variables: named };
  return `${JSON.stringify(header)}\n`;
}

/**
 * A line for each draw: `{"chain":1,"draw":1,"beta":[...],"u_county":[[...],...],"sigma":...}`, numbers of chain and
 * draw from 1 on, variables row-major in nested lists, doubles in digits that read back to the same bits; draw by draw,
 * the chains of each in their order. Throws `not-draws`, `non-finite-draw`, and `unknown-variable` for names that such
 * a line cannot have.
 */
export function* drawsLines(drawn: DrawnLines): Generator<string> {
  checkDrawn('drawsLines', drawn);
  const { draws, chains, from } = drawn;
  const { variables, iterations } = draws;
  const taken = variables.find(({ name }) => name === 'chain' || name === 'draw');
  if (taken)
    throw new ModelError('unknown-variable', taken.name, `a variable ${taken.name} has no place in lines of draws`);
  const texts = variables.map((variable) => ({
    variable,
    text: drawText(variable),
    values: new Float64Array(variable.size),
  }));
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    for (const [place, chain] of chains.entries()) {
      yield `{"chain":${chain + 1},"draw":${from + iteration + 1}`;
      for (const { variable, text, values } of texts) {
        takeDraw(draws, variable, place, iteration, values);
        yield `,${JSON.stringify(variable.name)}:${text(values)}`;
      }
      yield '}\n';
    }
  }
}

/** Throws `not-draws` for what `onDraws` does not give. */
function checkDrawn(place: string, drawn: unknown): void {
  const { draws, chains } = (drawn ?? {}) as { readonly draws?: Partial<Draws> | null; readonly chains?: unknown };
  const whole = Array.isArray(draws?.variables) && draws.values instanceof Float64Array && Array.isArray(chains);
  if (!whole) throw new ModelError('not-draws', place, `${place}: expected what onDraws is given, not ${quote(drawn)}`);
}
