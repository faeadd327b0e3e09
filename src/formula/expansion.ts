import type { Atom, Expression, Term } from './expression.ts';
import { expressionText } from './expressionText.ts';
import type { FormulaNode, VaryingNode } from './parser.ts';
import { type Source, syntaxError } from './syntaxError.ts';
import { makeTerm } from './terms.ts';

/** What a tree of terms comes to by R's rules. */
export interface Expansion {
  /** Whether the intercept is in: as written, or undefined where nothing is said of it. */
  readonly intercept: boolean | undefined;
  /** Without the intercept; by degree, then by first appearance. */
  readonly terms: readonly Term[];
  /** Whether '.' stands among the terms, how many terms stand before it, and what was taken out of it. */
  readonly dot: { readonly position: number; readonly except: readonly Term[] } | undefined;
  /** The offsets, each once. */
  readonly offsets: readonly Expression[];
  readonly varying: readonly VaryingNode[];
}

/** Terms as sets of atom numbers: ascending, by their key; the Map keeps the order of appearance. */
type Products = Map<string, readonly number[]>;

interface Partial {
  intercept: boolean | undefined;
  readonly products: Products;
  /** Terms taken away after '.' was written; undefined without '.'. */
  except: Products | undefined;
}

/** A product may expand to this many terms, and cost this many steps. */
const mostTerms = 1000;
const mostSteps = 1_000_000;
/** The key of '.' among the products. */
const dotKey = '.';

/**
 * Expands trees of terms by R's rules: sums, removals, products, nesting and powers, duplicates once, `a:b` equal to
 * `b:a`; terms by degree, then by appearance. The atoms of a term stand in the order of their first appearance in
 * everything this expander has been given, so that one expander serves a whole formula: first the population part, then
 * the varying parts.
 */
export function expander(source: Source): (tree: FormulaNode) => Expansion {
  const atoms: Atom[] = [];
  const numbers = new Map<string, number>();
  let steps = 0;

  function numberOf(atom: Atom): number {
    const known = numbers.get(atom.text);
    if (known !== undefined) return known;
    numbers.set(atom.text, atoms.length);
    atoms.push(atom);
    return atoms.length - 1;
  }

  return (tree) => {
    const offsets = new Map<string, Expression>();
    const varying: VaryingNode[] = [];
    let collected = 0;

    function expand(node: FormulaNode): Partial {
      switch (node.type) {
        case 'constant':
          return { intercept: node.value === 1, products: new Map(), except: undefined };
        case 'dot':
          return { intercept: undefined, products: new Map([[dotKey, []]]), except: new Map() };
        case 'atom': {
          const number = numberOf(node.atom);
          return { intercept: undefined, products: new Map([[String(number), [number]]]), except: undefined };
        }
        case 'sum':
          return expandSum(node);
        case 'interaction':
          return node.operands
            .map((operand) => factorOf(operand, ':'))
            .reduce((left, right) => product(left, right, node.at));
        case 'crossing': {
          const left = factorOf(node.left, node.operator);
          const right = factorOf(node.right, node.operator);
          // Nothing crossed with anything is nothing, as in R.
          if (left.products.size === 0) return left;
          if (node.operator === '*') {
            const both = product(left, right, node.at).products;
            return limited(new Map([...left.products, ...right.products, ...both]), node.at);
          }
          // (a + b)/c is a + b + a:b:c: what is nested stands within all of the left side.
          const whole = [...new Set([...left.products.values()].flat())].sort(ascending);
          const nested = product({ ...left, products: new Map([[whole.join(','), whole]]) }, right, node.at).products;
          return limited(new Map([...left.products, ...nested]), node.at);
        }
        case 'power': {
          const base = factorOf(node.base, '^');
          let result = base;
          for (let power = 1; power < node.exponent; power += 1) {
            const before = [...result.products.keys()].join(' ');
            result = product(base, result, node.at);
            if ([...result.products.keys()].join(' ') === before) break;
          }
          return result;
        }
        case 'offset':
        case 'varying':
          throw syntaxError(source, node.at, `${nameOf(node)} stands only as a summand of the formula`);
      }
    }

    function expandSum(node: Extract<FormulaNode, { type: 'sum' }>): Partial {
      const total: Partial = { intercept: undefined, products: new Map(), except: undefined };
      for (const { sign, node: summand } of node.summands) {
        if (summand.type === 'offset' || summand.type === 'varying') {
          if (sign < 0) throw syntaxError(source, summand.at, `${nameOf(summand)} cannot be taken away`);
          collect(summand);
          continue;
        }
        const before = collected;
        const part = expand(summand);
        if (sign < 0 && collected > before) {
          throw syntaxError(source, summand.at, 'offset(...) and (... | ...) cannot be taken away');
        }
        if (part.intercept !== undefined) total.intercept = sign > 0 ? part.intercept : !part.intercept;
        if (sign < 0 && part.except !== undefined) throw syntaxError(source, summand.at, "'.' cannot be taken away");
        for (const [key, product] of part.products) {
          if (sign > 0) {
            total.products.set(key, product);
            total.except?.delete(key);
          } else {
            total.products.delete(key);
            if (product.length === 1) total.except?.set(key, product);
          }
        }
        if (part.except !== undefined) total.except = meet(total.except, part.except);
      }
      return total;
    }

    /** A sum that is multiplied: it has no constant, no '.'. */
    function factorOf(node: FormulaNode, operator: string): Partial {
      const before = collected;
      const part = expand(node);
      if (collected > before) {
        throw syntaxError(
          source,
          node.at,
          `offset(...) and (... | ...) stand only as summands, not beside ${operator}`,
        );
      }
      if (part.except !== undefined)
        throw syntaxError(source, node.at, `'.' stands only as a summand, not beside ${operator}`);
      if (part.intercept !== undefined) {
        throw syntaxError(source, node.at, `the constants 0 and 1 stand only as summands, not beside ${operator}`);
      }
      return part;
    }

    function product(left: Partial, right: Partial, at: number): Partial {
      const products: Products = new Map();
      for (const a of left.products.values()) {
        for (const b of right.products.values()) {
          steps += a.length + b.length;
          if (steps > mostSteps) throw syntaxError(source, at, 'the product is too large to expand');
          add(products, union(a, b));
        }
        limited(products, at);
      }
      return limited(products, at);
    }

    function limited(products: Products, at: number): Partial {
      if (products.size > mostTerms) {
        throw syntaxError(source, at, `the product expands to more than ${mostTerms} terms`);
      }
      return { intercept: undefined, products, except: undefined };
    }

    function collect(node: Extract<FormulaNode, { type: 'offset' | 'varying' }>): void {
      collected += 1;
      if (node.type === 'offset') offsets.set(expressionText(node.expression), node.expression);
      else varying.push(node);
    }

    const alone = tree.type === 'offset' || tree.type === 'varying';
    if (alone) collect(tree);
    const { intercept, products, except } = alone
      ? { intercept: undefined, products: new Map() as Products, except: undefined }
      : expand(tree);
    const toTerm = (product: readonly number[]): Term => makeTerm(product.map((number) => atoms[number]!));
    const single = [...products].filter(([key, product]) => key === dotKey || product.length === 1).map(([key]) => key);
    products.delete(dotKey);
    return {
      intercept,
      terms: [...products.values()].sort((a, b) => a.length - b.length).map(toTerm),
      dot: except && { position: single.indexOf(dotKey), except: [...except.values()].map(toTerm) },
      offsets: [...offsets.values()],
      varying,
    };
  };
}

function nameOf(node: Extract<FormulaNode, { type: 'offset' | 'varying' }>): string {
  return node.type === 'offset' ? 'offset(...)' : '(... | ...)';
}

/** What is out of '.' when it is written twice: what is out of both. */
function meet(first: Products | undefined, second: Products): Products {
  return new Map([...second].filter(([key]) => first?.has(key) ?? true));
}

function ascending(a: number, b: number): number {
  return a - b;
}

function add(products: Products, product: readonly number[]): void {
  products.set(product.join(','), product);
}

/** The union of two ascending lists, ascending. */
function union(a: readonly number[], b: readonly number[]): readonly number[] {
  return [...new Set([...a, ...b])].sort(ascending);
}
