/**
 * Checks the types of the programs on the pages for readers, as a reader's own compiler would: the blocks of a page are
 * one module, and the names of the package's entries stand for their sources. Prints what is wrong, by page and line,
 * and ends with status 1; part of `npm run typecheck`.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { codeBlocks, pages } from './codeBlocks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const ENTRIES = {
  'partial-pooling': ['src/index.ts'],
  'partial-pooling/models': ['models/index.ts'],
  'partial-pooling/data': ['src/datasets/index.ts'],
  'partial-pooling/plots': ['src/plots/index.ts'],
  'partial-pooling/report': ['src/report/html/index.ts'],
  'partial-pooling/database': ['src/reduction/index.ts'],
  'partial-pooling/diagnostics': ['diagnostics/index.ts'],
};

/** The programs of a page as one module that has the lines of the page; null where it has none. */
function moduleOf(path: string): string | null {
  const blocks = codeBlocks(path).filter(({ info }) => info === 'ts');
  if (blocks.length === 0) return null;
  const lines: string[] = [];
  for (const { code, line } of blocks) {
    while (lines.length < line) lines.push('');
    lines.push(...code.trimEnd().split('\n'));
  }
  return `${lines.join('\n')}\nexport {};\n`;
}

const modules = new Map<string, string>();
for (const path of pages()) {
  const text = moduleOf(path);
  if (text !== null) modules.set(join(root, `${path}.ts`), text);
}

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const asRead = { ...options, noUnusedLocals: false, noUnusedParameters: false, baseUrl: root, paths: ENTRIES };
const host = ts.createCompilerHost(asRead);
const { fileExists, readFile, getSourceFile } = host;
host.fileExists = (name) => modules.has(name) || fileExists(name);
host.readFile = (name) => modules.get(name) ?? readFile(name);
host.getSourceFile = (name, version, ...rest) => {
  const text = modules.get(name);
  return text === undefined ? getSourceFile(name, version, ...rest) : ts.createSourceFile(name, text, version);
};

const program = ts.createProgram([...modules.keys()], asRead, host);
const faults = [...modules.keys()].flatMap((name) => {
  const file = program.getSourceFile(name)!;
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
});
if (faults.length > 0) {
  console.error(
    ts.formatDiagnostics(faults, {
      getCurrentDirectory: () => dirname(root),
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    }),
  );
  process.exitCode = 1;
}
