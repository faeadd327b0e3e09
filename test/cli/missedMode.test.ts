import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { run } from './testIo.ts';

it('a mode that no chain visited is a problem in fit and in check of its file, with status 3', async () => {
  const data = readFileSync(new URL('../fixtures/data/sleep_year.csv', import.meta.url), 'utf8');
  const prior = ['--prior', 'tau_Subject ~ half_t(3, 140.8)', '--kernels', 'gibbs', '--seed', '2'];
  const model = 'Reaction ~ year + (year | Subject)';
  const fit = await run(['fit', model, '--data', 'sleep.csv', ...prior, '--out', 'fit.json', '--json'], {
    'sleep.csv': data,
  });
  expect(fit.status).toBe(3);
  const missed = (verdict: { findings: { code: string }[] }) => verdict.findings.filter((f) => f.code === 'missedMode');
  const { check } = JSON.parse(fit.stdout) as { check: { findings: { code: string }[] } };
  expect(missed(check).length).toBe(1);
  const again = await run(['check', 'fit.json', '--json'], fit.written);
  expect(again.status).toBe(3);
  expect(missed(JSON.parse(again.stdout) as typeof check)).toEqual(missed(check));
});
