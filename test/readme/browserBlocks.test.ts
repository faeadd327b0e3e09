import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { chromium } from '../chromium.ts';
import { DrivenPage } from '../examples/browser/drivenPage.ts';
import { codeBlocks } from './codeBlocks.ts';

if (!chromium) console.log('no Chromium here: the blocks of pages that are for a browser are not run');

const rows = Array.from({ length: 60 }, (_, i) => ({
  g: `g${i % 6}`,
  x: i % 5,
  y: (i % 6) + (i % 5) / 2 + ((7 * i) % 11),
}));

/** The policy that examples/howto/deploying.md says will do, and what this page needs of styles: nothing. */
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";

/** The blocks as a page has them: names of the package resolved to files beside it, as a bundler does. */
const blocks = ['README.md', 'examples/howto/deploying.md'].flatMap((path) =>
  codeBlocks(path)
    .filter(({ info }) => info === 'ts browser')
    .map(({ code, line }) => ({
      at: `${path}:${line}`,
      code: code.replaceAll(/'partial-pooling(\/worker)?'/g, (_, part) =>
        part ? "'./pp/worker.js'" : "'./pp/index.js'",
      ),
    })),
);

describe.skipIf(!chromium)('blocks for a browser', () => {
  let server: Server;
  let page: DrivenPage;
  let address: string;

  beforeAll(async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const { outputFiles } = await build({
      absWorkingDir: root,
      entryPoints: [
        { in: 'src/index.ts', out: 'index' },
        { in: 'src/run/worker.ts', out: 'worker' },
      ],
      outdir: 'pp',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'browser',
      external: ['node:*'],
      write: false,
      logLevel: 'error',
    });
    const files = new Map<string, string>(
      outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf('/pp/')), text]),
    );
    files.set('/chains.worker.js', "import './pp/worker.js';\n");
    blocks.forEach(({ code }, i) => {
      const shown = 'globalThis.found = [fit.sampling.chains, ...fit.draws.values.subarray(0, 500)];';
      // Imports are hoisted, so that rows are there before the block runs.
      files.set(`/page${i}.js`, `const rows = ${JSON.stringify(rows)};\n${code}\n${shown}\n`);
      files.set(
        `/page${i}.html`,
        `<!doctype html><title>page</title><script type="module" src="./page${i}.js"></script>`,
      );
    });
    server = createServer(({ url }, response) => {
      const text = files.get(url ?? '');
      response.writeHead(text === undefined ? 404 : 200, {
        'content-type': url?.endsWith('.html') ? 'text/html' : 'text/javascript',
        'content-security-policy': POLICY,
      });
      response.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    page = await DrivenPage.open(chromium!, `${address}/page0.html`);
  });
  afterAll(async () => {
    await page?.close();
    server?.close();
  });

  it.each(blocks.map(({ at }, i) => [at, i] as const))('run in a plain page, under its policy: %s', async (_, i) => {
    await page.go(`${address}/page${i}.html`);
    await page.until('globalThis.found');
    const found = await page.value<number[]>('globalThis.found');
    const { sampling, draws } = sampleSync('y ~ x + (1 | g)', rows, { seed: 1 });
    expect(found).toEqual([sampling.chains, ...draws.values.subarray(0, 500)]);
  });
});
