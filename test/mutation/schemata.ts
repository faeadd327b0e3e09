import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { type Mutant, root } from './mutants.ts';

/**
 * The text of a source file with all its chosen mutants inside, each behind a switch: an expression e with mutants 7
 * and 8 becomes `(__M(7)?(e7):__M(8)?(e8):(e))`, a statement s `{if(!__M(9)){s}}`. `__M(id)` says whether that mutant
 * is the one switched on (mutant schemata, Untch, Offutt & Harrold 1993), so that the whole sample is compiled once.
 */
export function schemataOf(file: string, mutants: readonly { readonly id: number; readonly mutant: Mutant }[]): string {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const render = (node: ts.Node): string => {
    const start = node.getStart(source);
    let text = '';
    let at = start;
    ts.forEachChild(node, (child) => {
      text += source.text.slice(at, child.getStart(source)) + render(child);
      at = child.end;
    });
    text += source.text.slice(at, node.end);
    const own = mutants.filter(
      ({ mutant }) => mutant.start === start && mutant.end === node.end && mutant.isStatement === ts.isStatement(node),
    );
    if (own.length === 0 || (!ts.isStatement(node) && !ts.isExpression(node))) return text;
    // An outer node of the same extent has taken them already.
    const { parent } = node;
    if (parent.getStart(source) === start && parent.end === node.end && ts.isStatement(parent) === ts.isStatement(node))
      return text;
    if (ts.isStatement(node)) return `{if(!__M(${own[0]!.id})){${text}}}`;
    return `(${own.map(({ id, mutant }) => `__M(${id})?(${mutant.to}):`).join('')}(${text}))`;
  };
  return render(source);
}
