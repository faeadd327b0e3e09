import { expect, it } from 'vitest';
import { run } from './testIo.ts';

/** As many coefficients as rows: the data say nothing of sigma and tau. */
const files = { 'rows.csv': 'y,x,g\n1,a,p\n2,b,q\n4,c,q\n' };
const fit = ['fit', 'y ~ x + (1 | g)', '--data', 'rows.csv', '--seed', '1', '--iterations', '500'];

it('says in fit, in its JSON and in check which posteriors are priors, and trusts the draws', async () => {
  const text = await run([...fit, '--out', 'fit.json'], files);
  expect(text.status).toBe(0);
  expect(text.stdout).toMatch(/note: sigma: its posterior is its prior/u);

  const document = JSON.parse((await run([...fit, '--json'], files)).stdout) as {
    check: { ok: boolean; findings: { variable: string; code: string }[] };
  };
  const found = document.check.findings.filter(({ code }) => code === 'priorOnly');
  expect(found.map(({ variable }) => variable)).toEqual(['tau_g[Intercept]', 'sigma']);

  const verdict = await run(['check', 'fit.json', '--json'], text.written);
  expect(verdict.status).toBe(0);
  const { findings } = JSON.parse(verdict.stdout) as typeof document.check;
  expect(findings.filter(({ code }) => code === 'priorOnly')).toEqual(found);
});

it('judges the draws alone where a fit file holds no data', async () => {
  const without = await run([...fit, '--out', 'fit.json', '--no-data'], files);
  const verdict = await run(['check', 'fit.json', '--json'], without.written);
  expect(verdict.status).toBe(0);
  expect(verdict.stdout).not.toContain('priorOnly');
});
