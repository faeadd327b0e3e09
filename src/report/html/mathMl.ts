import { equations } from '../../graph/describe.ts';
import type { GraphNode, ModelGraph } from '../../graph/node.ts';
import { checkFit } from '../../input/checkFit.ts';
import type { ModelFit } from '../../summary/modelFit.ts';
import { designColumns } from '../designColumns.ts';
import { escapeHtml, shortened } from './html.ts';

/** The two notations of a model as HTML with MathML: names from data are escaped, and there is no script in it. */
export interface ModelMath {
  /** A regression for each level, a paragraph each. */
  readonly multilevel: readonly string[];
  /** The same in one line. */
  readonly composite: string;
}

const GREEK: Readonly<Record<string, string>> = {
  beta: 'β',
  gamma: 'γ',
  nu: 'ν',
  sigma: 'σ',
  Sigma: 'Σ',
  tau: 'τ',
  Phi: 'Φ',
};

const SIGNS: Readonly<Record<string, string>> = { '...': '\u2026', '-': '\u2212', '~': '\u223c' };

/** Characters for private use stand for the names of users, so that no name is read as notation. */
const FIRST = 0xe000;

/**
 * The multilevel and the composite form of the model of a fit, of draws or of maximum likelihood, in MathML (MathML
 * Core: rows, subscripts and text alone), for a page. Names of users go through as they are, escaped. Throws
 * `not-a-fit`.
 */
export function modelMath(fit: ModelFit): ModelMath {
  checkFit('modelMath', fit);
  const { design } = fit;
  const names: string[] = [];
  const stand = (name: string): string => {
    if (!names.includes(name)) names.push(name);
    return String.fromCodePoint(FIRST + names.indexOf(name));
  };
  const label = (text: string): string => (text === 'Intercept' ? text : stand(text));
  const column = <T extends { readonly label: string; readonly parts: readonly string[] }>(each: T) => ({
    label: label(each.label),
    parts: each.parts.map(stand),
  });
  const { population, varying } = designColumns(design);
  const columns = {
    population: population.map(column),
    varying: varying.map((each) => ({
      factor: stand(each.factor),
      columns: each.columns.map(column),
      blocks: each.blocks.map((block) => ({ ...block, cov: `Sigma_${stand(each.factor)}` })),
      means: each.means.map((mean) => mean.map((of) => ({ column: of.column, parts: of.parts.map(stand) }))),
    })),
  };
  const { multilevel, composite } = equations(standing(design.graph, stand), columns);
  return { multilevel: multilevel.map((line) => lineHtml(line, names)), composite: lineHtml(composite, names) };
}

/** The graph with the names of columns replaced. */
function standing(graph: ModelGraph, stand: (name: string) => string): ModelGraph {
  const nodes = Object.entries<GraphNode>(graph.nodes).map(([name, node]): [string, GraphNode] => {
    if (node.kind === 'linearPredictor' && node.offset) return [name, { ...node, offset: node.offset.map(stand) }];
    if (node.kind !== 'response') return [name, node];
    const known = (['se', 'trials', 'exposure', 'weights'] as const).flatMap((part) =>
      node[part] === undefined ? [] : [[part, stand(node[part])] as const],
    );
    return [name, { ...node, column: stand(node.column), ...Object.fromEntries(known) }];
  });
  return { ...graph, nodes: Object.fromEntries(nodes) };
}

/** One line: mathematics up to its words, which follow as text. */
function lineHtml(line: string, names: readonly string[]): string {
  const restored = (text: string): string =>
    escapeHtml(
      text.replace(/[\ue000-\uf8ff]/g, (character) =>
        shortened(names[character.charCodeAt(0) - FIRST] ?? character, 60),
      ),
    );
  if (line.startsWith('(')) return `<p class="quiet">${restored(line.slice(1, -1))}</p>`;
  const words = /, with | of row /.exec(line);
  const formula = words ? line.slice(0, words.index) : line;
  const rest = words ? `<span class="quiet">${restored(line.slice(words.index))}</span>` : '';
  return `<p>${tokensMath(formula, restored)}${rest}</p>`;
}

/** Names of functions and distributions hold underscores; in others these set subscripts. */
const TOKEN =
  /([A-Za-z]+(?:_[A-Za-z]+)+(?=\()|[A-Za-z]+|[\ue000-\uf8ff])|(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(\.\.\.)|(.)/gsu;

interface Token {
  readonly text: string;
  readonly kind: 'name' | 'number' | 'sign';
}

/** The summands of a formula as one element each, so that a long line breaks between them. */
function tokensMath(formula: string, restored: (text: string) => string): string {
  const tokens = [...formula.matchAll(TOKEN)].map(
    ([text, name, number]): Token => ({ text, kind: name ? 'name' : number ? 'number' : 'sign' }),
  );
  let at = 0;
  const identifier = (text: string): string => {
    const shown = GREEK[text] ?? text;
    if (shown.length > 1 || text.charCodeAt(0) >= FIRST) return `<mtext>${restored(shown.replace(/_/g, ' '))}</mtext>`;
    return `<mi>${shown}</mi>`;
  };
  /** Everything up to a closing bracket, as one row. */
  const until = (close: string): string => {
    const parts: string[] = [];
    while (at < tokens.length && tokens[at]!.text !== close) parts.push(next());
    at += 1;
    return `<mrow>${parts.join('')}</mrow>`;
  };
  const next = (): string => {
    const { text, kind } = tokens[at]!;
    at += 1;
    if (kind === 'number') return `<mn>${text}</mn>`;
    if (kind === 'name') {
      const subscripts: string[] = [];
      for (;;) {
        if (tokens[at]?.text === '_') {
          at += 2;
          subscripts.push(identifier(tokens[at - 1]?.text ?? ''));
        } else if (tokens[at]?.text === '[') {
          at += 1;
          subscripts.push(until(']'));
        } else break;
      }
      const base = identifier(text);
      if (subscripts.length === 0) return base;
      return `<msub>${base}<mrow>${subscripts.join('<mo>,</mo>')}</mrow></msub>`;
    }
    if (/\s/.test(text))
      return tokens[at]?.kind === 'name' && tokens[at - 2]?.kind !== 'sign' ? '<mspace width="0.2em"/>' : '';
    if (text === '(' || text === ')') return `<mo stretchy="false">${text}</mo>`;
    return `<mo>${restored(SIGNS[text] ?? text)}</mo>`;
  };
  const summands: string[][] = [[]];
  while (at < tokens.length) {
    if (tokens[at]!.text === '+') summands.push([]);
    summands.at(-1)!.push(next());
  }
  return summands.map((parts) => `<math><mrow>${parts.join('')}</mrow></math>`).join(' ');
}
