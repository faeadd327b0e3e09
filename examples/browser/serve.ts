import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What workers may do is told by headers, as a page's meta element does not reach them. */
const POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'";

/** Serves the files of a folder on this computer alone, below `path`. `requests` collects what was asked for. */
export function serve(
  folder: string,
  { port = 0, path = '/', requests = [] as string[] } = {},
): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    requests.push(asked);
    const name = asked.startsWith(path) ? asked.slice(path.length) || 'index.html' : null;
    const file = name === null ? null : normalize(join(folder, name));
    try {
      if (file === null || !file.startsWith(normalize(folder))) throw new Error('outside');
      const body = readFileSync(file);
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-cache',
      });
      response.end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const bound = server.address();
      resolve({ server, address: `http://localhost:${typeof bound === 'object' && bound ? bound.port : port}${path}` });
    });
  });
}
