import { expect, it } from 'vitest';
import { FIT_FILE_WRITER } from '../../src/files/fitFile.ts';
import { toJson } from '../../src/index.ts';
import { report } from '../../src/report/html/report.ts';
import { eight } from '../plots/plotFits.ts';
import { run } from './testIo.ts';

const files = { 'fit.json': toJson(eight) };

it('report writes what the library makes, and lists it for programs', async () => {
  const given = ['report', 'fit.json', '--date', '2026-11-28', '--title', 'Eight <schools>'];
  const { status, written, stdout } = await run([...given, '--out', 'r.html', '--json'], files);
  const html = written.get('r.html')!;
  expect([0, 3]).toContain(status);
  expect(html.includes('<h1><bdi>Eight &lt;schools&gt;</bdi></h1>')).toBe(true);
  const { version } = FIT_FILE_WRITER;
  const platform = `Node ${process.version}`;
  const made = report(eight, { title: 'Eight <schools>', date: '2026-11-28', version, platform });
  expect(html === made).toBe(true);
  const listed = JSON.parse(stdout);
  expect(listed.check.ok).toBe(status === 0);
  expect(listed.sections.find(({ id }: { id: string }) => id === 'groups').pictures).toContain('shrinkage');
  expect((await run(given, files)).stdout === html).toBe(true);
});

it('report says today, and leaves the likelihood fit out on request', async () => {
  const { stdout } = await run(['report', 'fit.json', '--no-ml'], files);
  expect(/report of \d{4}-\d{2}-\d{2}</.test(stdout)).toBe(true);
  expect(stdout.includes('none was asked for')).toBe(true);
});
