import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { changesOf, isLeftAlone } from './mutators.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** One change of one node of one source file. */
export interface Mutant {
  readonly room: string;
  /** Path from the root. */
  readonly file: string;
  /** The node's place in the file's text. */
  readonly start: number;
  readonly end: number;
  /** Line, from 1, and its text without the spaces around it. */
  readonly line: number;
  readonly lineText: string;
  /** What stands on the line before the node, without the spaces before it. */
  readonly before: string;
  readonly kind: string;
  readonly isStatement: boolean;
  /** The node as written, and what takes its place (empty: left out). */
  readonly from: string;
  readonly to: string;
}

/** The source files of a room, a folder of src or `diagnostics`, by path from the root. */
export function filesOf(room: string): string[] {
  const folder = join(root, room === 'diagnostics' ? room : join('src', room));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => relative(root, join(folder, name)));
}

/** Every mutant of the rooms, in the order of rooms, files and places. */
export function mutantsOf(rooms: readonly string[]): Mutant[] {
  const files = rooms.flatMap((room) => filesOf(room).map((file) => ({ room, file })));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram({ rootNames: files.map(({ file }) => join(root, file)), options });
  const checker = program.getTypeChecker();
  return files.flatMap(({ room, file }) => {
    const source = program.getSourceFile(join(root, file))!;
    const lines = source.text.split('\n');
    const found: Mutant[] = [];
    const visit = (node: ts.Node): void => {
      if (isLeftAlone(node)) return;
      const start = node.getStart(source);
      const { line, character } = source.getLineAndCharacterOfPosition(start);
      for (const { kind, to } of changesOf(node, checker)) {
        found.push({
          room,
          file,
          start,
          end: node.end,
          line: line + 1,
          lineText: lines[line]!.trim(),
          before: lines[line]!.slice(0, character).trimStart(),
          kind,
          isStatement: ts.isStatement(node),
          from: source.text.slice(start, node.end),
          to,
        });
      }
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(source, visit);
    return found;
  });
}

/**
 * A sample of about `count` mutants of one room: every file gives its share, at least one, and the first of a larger
 * sample of the same seed are those of a smaller one.
 */
export function sampleOf(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const byFile = grouped(mutants);
  return [...byFile].flatMap(([file, own]) => {
    const share = Math.min(own.length, Math.max(1, Math.round((count * own.length) / mutants.length)));
    const chosen = new Set(shuffled(own, hash(file) ^ seed).slice(0, share));
    return own.filter((mutant) => chosen.has(mutant));
  });
}

function grouped(mutants: readonly Mutant[]): Map<string, Mutant[]> {
  const byFile = new Map<string, Mutant[]>();
  for (const mutant of mutants) byFile.set(mutant.file, [...(byFile.get(mutant.file) ?? []), mutant]);
  return byFile;
}

function hash(text: string): number {
  let h = 2166136261;
  for (const letter of text) h = Math.imul(h ^ letter.charCodeAt(0), 16777619);
  return h;
}

/** Fisher-Yates with mulberry32: the numbers under test take no part in choosing what is tested. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const out = [...items];
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = Math.floor(uniform() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}
