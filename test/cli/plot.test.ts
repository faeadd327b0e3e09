import { beforeAll, describe, expect, it } from 'vitest';
import { toJson } from '../../src/index.ts';
import { plotShrinkage, toSvg } from '../../src/plots/index.ts';
import { eight } from '../plots/plotFits.ts';
import { wellFormed } from '../plots/wellFormed.ts';
import { run } from './testIo.ts';

describe('plot', () => {
  const files: Record<string, string> = {};
  beforeAll(() => {
    files['fit.json'] = toJson(eight);
  });

  it('writes what the library draws, as SVG, a page, and the rows', async () => {
    const svg = toSvg(plotShrinkage(eight, 'school'));
    const drawn = await run(['plot', 'shrinkage', 'fit.json', '--out', 'a.svg'], files);
    expect([drawn.status, drawn.stdout, drawn.written.get('a.svg')]).toEqual([0, '', `${svg}\n`]);
    expect((await run(['plot', 'shrinkage', 'fit.json'], files)).stdout).toBe(`${svg}\n`);
    const page = (await run(['plot', 'shrinkage', 'fit.json', '--out', 'a.html'], files)).written.get('a.html')!;
    expect(page).toContain(svg);
    expect(page).toContain("default-src 'none'");
    const rows = (await run(['plot', 'shrinkage', 'fit.json', '--out', 'a.json'], files)).written.get('a.json')!;
    expect(JSON.parse(rows).rows).toEqual(JSON.parse(JSON.stringify(plotShrinkage(eight, 'school').rows)));
  });

  it('draws every picture of the list, or says what to draw instead', async () => {
    const list = JSON.parse((await run(['plot', '--list', '--json'], files)).stdout) as { name: string }[];
    expect(list.length).toBeGreaterThan(8);
    for (const { name } of list) {
      const { status, stdout, stderr } = await run(
        ['plot', name, 'fit.json', '--width', '320', '--theme', 'dark'],
        files,
      );
      if (status === 0) expect(wellFormed(stdout.trim())).toBeNull();
      else expect(stderr).toMatch(/; draw plot\w+ instead\n$/);
    }
  });

  it.each([
    [['plot', 'pie', 'fit.json'], 'PICTURE: got "pie"; accepted are shrinkage'],
    [['plot', 'groups'], 'the fit file is missing'],
    [['plot', 'groups', 'fit.json', '--out', 'a.png'], 'accepted are names that end in .svg, .html or .json'],
    [['plot', 'groups', 'fit.json', '--width', '20'], 'width: got 20; accepted is a whole number from 200 to 4000'],
  ])('refuses %j', async (argv, sentence) => {
    const { status, stderr } = await run(argv, files);
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
