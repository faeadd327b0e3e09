import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Query } from '../../src/reduction/asking.ts';

/** A PostgreSQL server of its own on a free port of loopback. */
export interface PostgresServer {
  readonly port: number;
  connect(): Promise<{ query: Query; client: pg.Client }>;
  stop(): Promise<void>;
}

/** Where the programs of PostgreSQL are, or why there is no server to test with. */
export function postgresPrograms(): { bin: string } | { why: string } {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root)
    ? readdirSync(root).filter((name) => existsSync(join(root, name, 'bin/initdb')))
    : [];
  const latest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (latest === undefined) return { why: `there is no PostgreSQL under ${root} (apt-get install postgresql)` };
  if (process.getuid?.() === 0 && spawnSync('id', ['postgres']).status !== 0) {
    return { why: 'there is no user postgres, and a server does not run as root' };
  }
  return { bin: join(root, latest, 'bin') };
}

/** Starts a server in a folder of its own. */
export async function startPostgres(bin: string): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const port = await freePort();
  const asServer = (program: string, args: readonly string[]): void => {
    const command = [join(bin, program), ...args];
    const root = process.getuid?.() === 0;
    if (root) execFileSync('chown', ['-R', 'postgres', folder]);
    const [first, ...rest] = root ? ['runuser', '-u', 'postgres', '--', ...command] : command;
    execFileSync(first!, rest, { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder });
  };
  const data = join(folder, 'data');
  asServer('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N']);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=off`;
  asServer('pg_ctl', ['-D', data, '-o', options, '-l', join(folder, 'log'), '-w', 'start']);
  const clients: pg.Client[] = [];
  return {
    port,
    async connect() {
      const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
      client.on('error', () => {});
      await client.connect();
      clients.push(client);
      return { client, query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows };
    },
    async stop() {
      // Connections end first: a server that goes away beneath them is an error of theirs that nobody awaits.
      await Promise.allSettled(clients.map((client) => client.end()));
      asServer('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
