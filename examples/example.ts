/**
 * Runs one of the examples: `npm run example radon`, with its pictures `npm run example radon -- --pictures DIR`.
 * Without a name it lists them.
 */
import { readdirSync } from 'node:fs';

// A reader who closes the pipe (`npm run example radon | head`) has seen enough.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 1));

const notExamples = new Set(['betterOptimum', 'example', 'pictures', 'published', 'start']);
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => !notExamples.has(name));
const [name] = process.argv.slice(2);
if (name !== undefined && names.includes(name)) {
  await import(`./${name}.ts`);
} else {
  if (name !== undefined) console.error(`There is no example "${name}".`);
  console.log(`npm run example NAME, with NAME one of: ${names.join(', ')}. examples/README.md says what each is for.`);
  process.exitCode = name === undefined ? 0 : 2;
}
