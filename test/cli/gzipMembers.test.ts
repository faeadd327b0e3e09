import { execFileSync } from 'node:child_process';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzipMembers, gzipMembers } from '../../src/cli/files/gzipMembers.ts';
import { createRng } from '../../src/random/rng.ts';
import { run } from './testIo.ts';

const rng = createRng([20261129]);
/** Two members and a part of a third. */
const pieces = Array.from({ length: 130 }, (_, i) => `${i}${String.fromCharCode(97 + (i % 26)).repeat(70_000)}é\n`);
const text = pieces.join('');

/** Bytes as they come from a file: in parts of any length. */
function* parts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const next = at + 1 + Math.floor(rng.uniform() * (rng.uniform() < 0.5 ? 30 : 20_000));
    yield bytes.subarray(at, next);
    at = next;
  }
}

const unpacked = (bytes: Uint8Array): string => Buffer.concat([...gunzipMembers(parts(bytes), 'f')]).toString();

/**
 * What was changed is refused, unless it bears nothing: the time in a header, bits between a stream and its checksum.
 */
function refusedOrEqual(changed: Uint8Array, whole: Uint8Array): void {
  let read: string;
  try {
    read = unpacked(changed);
  } catch (error) {
    expect(String(error)).toMatch(/f begins as a gzip/);
    return;
  }
  expect(read === gunzipSync(whole).toString()).toBe(true);
}

describe('texts packed by gzip in members', () => {
  const members = [...gzipMembers(pieces)];
  const packed = Buffer.concat(members);

  it('are what any program unpacks', () => {
    expect(members.length).toBe(3);
    expect(gunzipSync(packed).toString() === text).toBe(true);
    const all = execFileSync('gzip', ['-dc'], { input: packed, maxBuffer: 1e9 }).toString();
    expect(all === text).toBe(true);
    expect(gunzipSync(Buffer.concat([...gzipMembers([])])).length).toBe(0);
  });

  it('are unpacked member by member: the first is out when no more than that is read', () => {
    let given = 0;
    const source = function* (): Generator<Uint8Array> {
      for (const member of members) {
        given += 1;
        yield member;
      }
    };
    const out = gunzipMembers(source(), 'f');
    expect(out.next().value!.length).toBeGreaterThan(0);
    expect(given).toBe(1);
    expect(unpacked(packed) === text).toBe(true);
  });

  it('of other programs, and of both one after the other, are unpacked too', () => {
    const other = gzipSync('other');
    expect(unpacked(other)).toBe('other');
    expect(unpacked(Buffer.concat([other, other]))).toBe('otherother');
    expect(unpacked(Buffer.concat([packed, other])) === `${text}other`).toBe(true);
    expect(unpacked(Buffer.concat([other, packed])) === `other${text}`).toBe(true);
  });

  it('that are cut short or changed at any place are refused', () => {
    const first = members[0]!;
    const whole = Buffer.concat([first, members[2]!]);
    for (let tries = 0; tries < 60; tries += 1) {
      const at = Math.floor(rng.uniform() * whole.length);
      // A cut where a member ends leaves a whole file.
      if (at > 2 && at !== first.length) expect(() => unpacked(whole.subarray(0, at))).toThrow(/f begins as a gzip/);
      const changed = Uint8Array.from(whole);
      changed[at] = changed[at]! ^ (1 << Math.floor(rng.uniform() * 8));
      refusedOrEqual(changed, whole);
    }
    // The length of a member may lie.
    for (const length of [0, 20, 21, first.length - 1, first.length + 1, 2 ** 32 - 1]) {
      const lying = Uint8Array.from(whole);
      new DataView(lying.buffer).setUint32(16, length, true);
      refusedOrEqual(lying, whole);
    }
  });
});

describe('check', () => {
  it('reads a packed fit from a file and from standard input, and draws that are none', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${(i % 6) + ((i * 7) % 11) * 0.3},g${i % 6}`);
    const files = { 'd.csv': `y,g\n${rows.join('\n')}\n` };
    const size = ['--warmup', '50', '--iterations', '50', '--chains', '2', '--json'];
    const made = await run(['fit', 'y ~ 1 + (1 | g)', '--data', 'd.csv', ...size, '--out', 'fit.json.gz'], files);
    const bytes = Buffer.from(made.written.get('fit.json.gz')!, 'latin1');
    const verdict = JSON.parse(made.stdout).check;
    for (const name of ['fit.json.gz', '-']) {
      const { stdout } = await run(['check', name, '--json'], { [name]: bytes });
      expect(JSON.parse(stdout)).toEqual(verdict);
    }
    const csv = `a,chain\n${Array.from({ length: 40 }, (_, i) => `${(i * 37) % 41},${1 + (i % 2)}`).join('\n')}\n`;
    const of = async (name: string) => (await run(['check', name, '--json'], { [name]: csv })).stdout;
    expect(await of('-')).toBe(await of('a.csv'));
    expect(JSON.parse(await of('-'))).toHaveProperty('ok');
  });
});
