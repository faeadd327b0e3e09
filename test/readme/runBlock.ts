import { transformSync } from 'esbuild';
import ts from 'typescript';

/** Imports stay, used or not, so that each name is looked up. */
const VERBATIM = { compilerOptions: { verbatimModuleSyntax: true } };

/** What the packages that a block imports are, by the name it imports them by. */
export type Packages = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Runs a block of TypeScript as the body of a module and gives the names it declares, for the blocks of its page that
 * follow; `known` are those of the blocks before it. Imports are taken from `packages`.
 */
export async function runBlock(
  code: string,
  packages: Packages,
  known: ReadonlyMap<string, unknown>,
  print: (...values: unknown[]) => void,
): Promise<Map<string, unknown>> {
  const script = transformSync(code, { loader: 'ts', format: 'esm', target: 'es2022', tsconfigRaw: VERBATIM }).code;
  const file = ts.createSourceFile('block.js', script, ts.ScriptTarget.ES2022, true);
  let body = '';
  const declared: string[] = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings))
        throw new Error(`not by name: ${statement.getText()}`);
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      for (const { name, propertyName } of bindings.elements) {
        const wanted = (propertyName ?? name).text;
        if (packages[from]?.[wanted] === undefined) throw new Error(`${from} has no ${wanted}`);
        body += `const ${name.text} = packages[${JSON.stringify(from)}].${wanted};\n`;
        declared.push(name.text);
      }
      continue;
    }
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) declared.push(...boundNames(name));
    }
    if (ts.isFunctionDeclaration(statement)) declared.push(statement.name!.text);
    body += `${statement.getText()}\n`;
  }
  const given = [...known.keys()].filter((name) => !declared.includes(name));
  const run = new Function(
    'packages',
    'console',
    ...given,
    `return (async () => {\n${body}\nreturn { ${declared.join(', ')} };\n})();`,
  );
  const values = await run(packages, { log: print, table: print }, ...given.map((name) => known.get(name)));
  return new Map([...known, ...Object.entries(values as object)]);
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
