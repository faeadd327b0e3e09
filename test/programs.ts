import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const loader = pathToFileURL(`${root}node_modules/tsx/dist/esm/index.mjs`).href;

/** Arguments of Node that run `src/cli.ts`: the sources, or what `test/bundle.ts` made of them. */
export function cliArguments(): readonly string[] {
  const bundle = process.env['PARTIAL_POOLING_BUNDLE'];
  return bundle === undefined ? ['--import', loader, `${root}src/cli.ts`] : [`${bundle}/cli.js`];
}

/** Seconds of a processor that it takes to load, about. */
export function loadSeconds(): number {
  return process.env['PARTIAL_POOLING_BUNDLE'] === undefined ? 0.9 : 0.1;
}

/** The same of an example, its name among the arguments, as `npm run example NAME` passes it. */
export function exampleArguments(name: string): readonly string[] {
  const bundle = process.env['PARTIAL_POOLING_BUNDLE'];
  return bundle === undefined ? sourceExample(name) : [`${bundle}/${name}.js`, name];
}

/** An example as `npm run example NAME` runs it. */
export function sourceExample(name: string): readonly string[] {
  return ['--import', loader, `${root}examples/example.ts`, name];
}
