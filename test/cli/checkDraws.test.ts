import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { check as checkDraws, readRun } from '../../diagnostics/index.ts';
import { toDrawsList } from '../../src/files/toDrawsList.ts';
import { toCheckpoint, toJson } from '../../src/files/toJson.ts';
import { toMCMCChains } from '../../src/files/toMCMCChains.ts';
import { toStanCsv } from '../../src/files/toStanCsv.ts';
import { toTidyCsv } from '../../src/files/toTidyCsv.ts';
import { toWideCsv } from '../../src/files/toWideCsv.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { toArviz } from '../../src/report/toArviz.ts';
import { check } from '../../src/summary/checks/check.ts';
import { drawVariables } from '../../src/summary/drawVariables.ts';
import { cases, tiny } from '../mcmc/smallFits.ts';
import { run } from './testIo.ts';

interface Verdict {
  readonly ok: boolean;
  readonly findings: { readonly variable: string; readonly message: string }[];
}

/** Findings in an order that no format changes. */
const sorted = ({ ok, findings }: Verdict): Verdict => ({
  ok,
  findings: [...findings].sort((a, b) => (a.message < b.message ? -1 : 1)),
});

async function verdictOn(files: Readonly<Record<string, string | Uint8Array>>): Promise<Verdict> {
  const { stdout, stderr } = await run(['check', ...Object.keys(files), '--json'], files);
  expect(stderr).toBe('');
  return sorted(JSON.parse(stdout) as Verdict);
}

/** The exports of a fit, by format: one file or one per chain. */
const EXPORTS: Readonly<Record<string, (fit: Fit) => Readonly<Record<string, string>>>> = {
  wide: (fit) => ({ 'draws.csv': toWideCsv(fit) }),
  tidy: (fit) => ({ 'draws.csv': toTidyCsv(fit) }),
  arviz: (fit) => ({ 'draws.json': toArviz(fit, { logLikelihood: true, posteriorPredictive: true }) }),
  'draws-list': (fit) => ({ 'draws.json': toDrawsList(fit) }),
  mcmcchains: (fit) => ({ 'draws.json': toMCMCChains(fit) }),
  stan: (fit) => Object.fromEntries(toStanCsv(fit).map((text, c) => [`draws_${c + 1}.csv`, text])),
  'fit file without data': (fit) => ({ 'fit.json': toJson(fit, { data: false }) }),
};

const sizes = [
  { chains: 2, warmup: 5, iterations: 7, seed: 5 },
  { chains: 4, warmup: 100, iterations: 300, seed: 1 },
  { chains: 1, warmup: 100, iterations: 50, seed: 2 },
];

describe.each(Object.keys(EXPORTS))('check of our own export, %s', (format) => {
  const fits = [
    ...sizes.map((size) => ({ of: tiny(), size })),
    { of: cases()['awkward names']!(), size: sizes[0]! },
    { of: cases()['radon, level-2 predictor on the rows']!(), size: sizes[0]! },
  ];

  it.each(fits)('gives the verdict of the draws of the fit (%#)', async ({ of, size }) => {
    const fit = sampleSync(of.graph, of.data, size);
    const want = sorted(checkDraws(drawVariables(fit)));
    expect(await verdictOn(EXPORTS[format]!(fit))).toEqual(JSON.parse(JSON.stringify(want)));
  });
});

describe('check of a fit file', () => {
  const { graph, data } = tiny();
  const fit = sampleSync(graph, data, { chains: 2, warmup: 50, iterations: 60, seed: 3 });
  const want = sorted(check(fit));

  it.each([false, true])(
    'with its data, and without them by --data, is that of the fit (compact %s)',
    async (compact) => {
      expect(await verdictOn({ 'fit.json': toJson(fit, { compact }) })).toEqual(JSON.parse(JSON.stringify(want)));
      const { y, x, g } = data.rows as Record<string, readonly unknown[]>;
      const csv = `y,x,g\n${y!.map((_, i) => `${y![i]},${x![i]},${g![i]}`).join('\n')}\n`;
      const files = { 'fit.json': toJson(fit, { compact, data: false }), 'rows.csv': csv };
      const { stdout } = await run(['check', 'fit.json', '--data', 'rows.csv', '--json'], files);
      expect(sorted(JSON.parse(stdout) as Verdict)).toEqual(JSON.parse(JSON.stringify(want)));
    },
  );

  it('asks for the data where nothing else reads its draws', async () => {
    const { status, stderr } = await run(['check', 'fit.json'], {
      'fit.json': toJson(fit, { compact: true, data: false }),
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/fit\.json: .*\(--data FILE\)\n$/);
  });
});

describe('a fit file that was changed', () => {
  const { graph, data } = tiny();
  const size = { chains: 2, warmup: 50, iterations: 60, seed: 3 };
  const fit = sampleSync(graph, data, size);
  const chainOf = (seed: number): Fit => sampleSync(graph, data, { ...size, chains: 1, seed });
  const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'with its data': { 'fit.json': toJson(fit) },
    'without them': { 'fit.json': toJson(fit, { data: false }) },
    compact: { 'fit.json': toJson(fit, { compact: true }) },
    'one of several': { '1.json': toJson(chainOf(1)), '2.json': toJson(chainOf(2)) },
  };

  it.each(Object.keys(files))('by one character of a draw is not judged: %s', async (kind) => {
    const whole = files[kind]!;
    const [name, text] = Object.entries(whole).at(-1)!;
    expect((await run(['check', ...Object.keys(whole)], whole)).status).not.toBe(2);
    const end = text.indexOf('"sample_stats"');
    const places = [...text.slice(0, end).matchAll(/\d\.\d{3}(?=\d{6})|[A-Za-z0-9]{5}(?=[A-Za-z0-9+/]{40})/g)];
    const stride = Math.ceil(places.length / 12);
    for (const { 0: found, index } of places.filter((_, i) => i % stride === 0)) {
      const at = index + found.length - 1;
      const changed = text.slice(0, at) + (text[at] === '7' ? '3' : '7') + text.slice(at + 1);
      const { status, stdout, stderr } = await run(['check', ...Object.keys(whole)], { ...whole, [name]: changed });
      expect({ status, stdout }, `${at}`).toEqual({ status: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`${name.replace('.', '\\.')}: fit file: `));
    }
  });

  it('is no draws of another program where it is a checkpoint, or a compact part', async () => {
    const checkpoint = [...toCheckpoint({ fit, iterations: 100 })].join('');
    expect((await run(['check', 'c'], { c: checkpoint })).status).not.toBe(2);
    const parts = { a: toJson(chainOf(1)), b: toJson(chainOf(2), { compact: true }) };
    expect((await run(['check', 'a', 'b'], parts)).stderr).toContain(
      'b is a compact fit file, which is read by itself; combine joins the chains of several',
    );
  });
});

/** A zip file of entries, as PKWARE's APPNOTE has it. */
function zip(entries: Readonly<Record<string, string>>, stored = false): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(entries)) {
    const packed = stored ? Buffer.from(text) : deflateRawSync(text);
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(stored ? 0 : 8, 8);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    head.writeUInt16LE(4, 28);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(stored ? 0 : 8, 10);
    record.writeUInt32LE(crc32(text), 16);
    record.writeUInt32LE(packed.length, 20);
    record.writeUInt32LE(Buffer.byteLength(text), 24);
    record.writeUInt16LE(Buffer.byteLength(name), 28);
    record.writeUInt32LE(at, 42);
    parts.push(head, Buffer.from(name), Buffer.from('abcd'), packed);
    directory.push(record, Buffer.from(name));
    at += 34 + Buffer.byteLength(name) + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(entries).length, 10);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(5, 20);
  return Buffer.concat([...parts, ...directory, end, Buffer.from('a PK ')]);
}

describe('check of packed files', () => {
  const list = JSON.stringify(
    [0, 1000].map((by) => ({ mu: Array.from({ length: 300 }, (_, i) => Math.sin((i + by) ** 2)) })),
  );
  const want = sorted(checkDraws(readRun(list).variables));

  it('reads the one file of a zip, as posteriordb packs draws, and gzip', async () => {
    for (const bytes of [
      zip({ 'a.json': list }),
      zip({ 'd/': '', 'd/a.json': list, '__MACOSX/d/._a': 'x' }),
      zip({ a: list }, true),
      gzipSync(list),
    ])
      expect(await verdictOn({ 'draws.zip': bytes })).toEqual(JSON.parse(JSON.stringify(want)));
  });

  it('says what is wrong with another zip', async () => {
    const cases: [Uint8Array, RegExp][] = [
      [zip({ a: list, b: list }), /is a zip file of 2 files; one is read, so unpack it/],
      [zip({ a: list }).subarray(0, 200), /is a zip file that is damaged or cut off/],
      [zip({ a: list }, true).map((byte, i) => (i === 900 ? byte ^ 1 : byte)), /is a zip file that is damaged/],
    ];
    for (const [bytes, said] of cases) {
      const { status, stderr } = await run(['check', 'draws.zip'], { 'draws.zip': bytes });
      expect(status).toBe(2);
      expect(stderr).toMatch(said);
    }
  });

  it.each([
    ['NetCDF 4', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10), /NetCDF or HDF5.*xarray.*posterior/],
    ['NetCDF 3', Uint8Array.of(0x43, 0x44, 0x46, 2, 0), /NetCDF.*xarray/],
    ["R's saveRDS", gzipSync(Uint8Array.of(0x58, 10, 0, 0, 0, 3)), /saveRDS.*as_draws_list.*digits = NA/],
    ['Parquet', new TextEncoder().encode('PAR1\u0015'), /Parquet.*read_parquet/],
  ])('gives the line that converts %s', async (_, bytes, said) => {
    const { status, stderr } = await run(['check', 'draws.nc'], { 'draws.nc': bytes });
    expect(status).toBe(2);
    expect(stderr).toMatch(said);
  });
});

describe('several files', () => {
  it('are named by what is wrong with one of them', async () => {
    const files = { 'a.csv': 'x,y\n1,2\n3,4\n', 'b.csv': 'x,y\n1,2\n3\n', 'c.csv': 'x\n1\n2\n', 'd.json': '{"x":[[1' };
    for (const [other, said] of Object.entries({
      b: 'b.csv: row 2 of the CSV has 1 cell',
      c: 'c.csv has no column "y", which a.csv has',
      d: 'd.json: the draws are not valid JSON',
    })) {
      const path = Object.keys(files).find((name) => name.startsWith(other))!;
      const { status, stderr } = await run(['check', 'a.csv', path], files);
      expect(status).toBe(2);
      expect(stderr).toContain(said);
    }
  });

  it('are the chains of one run', async () => {
    const chain = (by: number) => `x\n${Array.from({ length: 300 }, (_, i) => Math.sin((i + by) ** 2)).join('\n')}\n`;
    const verdict = await verdictOn({
      'a.csv': chain(0),
      'b.csv': chain(1000),
      'c.csv': chain(2000),
      'd.csv': chain(3000),
    });
    expect(verdict).toMatchObject({ ok: true, findings: [] });
    const { status, stderr } = await run(['check', 'a.csv', 'a.csv'], { 'a.csv': chain(0) });
    expect(status).toBe(2);
    expect(stderr).toMatch(/a\.csv is the same as a\.csv; give each chain once/);
  });
});

describe('what a terminal would run', () => {
  const names = { esc: '\u001b[2J\u001b]0;title\u0007', csi: '\u009b31m', turned: '\u202egpj.exe' };
  const UNSAFE = /(?![\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

  it.each(Object.entries(names))('is shown and not sent, in findings, tables, errors and JSON: %s', async (_, name) => {
    const files = {
      'draws.csv': `chain,"${name}"\n${Array.from({ length: 20 }, (_unused, i) => `${1 + (i % 2)},3`).join('\n')}`,
    };
    for (const argv of [
      ['check', 'draws.csv'],
      ['check', 'draws.csv', '--json'],
      ['check', `${name}.csv`],
      [name],
      ['check', `--${name}`, 'x'],
    ]) {
      const { stdout, stderr } = await run(argv, files);
      expect(`${stdout}${stderr}`).not.toMatch(UNSAFE);
      expect(`${stdout}${stderr}`).not.toBe('');
    }
    const { stdout } = await run(['check', 'draws.csv', '--json'], files);
    expect((JSON.parse(stdout) as Verdict).findings[0]!.variable).toBe(name);
  });
});
