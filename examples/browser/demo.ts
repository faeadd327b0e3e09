/** Builds the page and serves it on this computer: `npm run demo`. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from './build.ts';
import { serve } from './serve.ts';

const folder = join(mkdtempSync(join(tmpdir(), 'partial-pooling-')), 'app');
await buildApp(folder);
const wanted = Number(process.env['PORT'] ?? 8080);
const { address } = await serve(folder, { port: wanted }).catch(() => serve(folder));
console.log(`Open ${address} in a browser; Ctrl-C ends it.`);
