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

  it('makes a PNG by a program, which is given the SVG', async () => {
    // The first bytes of a PNG, then what came in.
    const program = 'process.stdout.write(Buffer.from([137,80,78,71]));process.stdin.pipe(process.stdout)';
    const argv = [
      'plot',
      'shrinkage',
      'fit.json',
      '--out',
      'a.png',
      '--converter',
      `${process.execPath} -e ${program}`,
    ];
    const { status, stderr, written } = await run(argv, files);
    expect([status, stderr]).toEqual([0, '']);
    expect(String(written.get('a.png'))).toContain(toSvg(plotShrinkage(eight, 'school')));
  });

  it.each([
    [['plot', 'pie', 'fit.json'], 'PICTURE: got "pie"; accepted are shrinkage'],
    [['plot', 'groups'], 'the fit file is missing'],
    [['plot', 'groups', 'fit.json', '--out', 'a.gif'], 'accepted are names that end in .svg, .html, .json or .png'],
    [['plot', 'groups', 'fit.json', '--out', 'a.png'], 'name it, as in --converter rsvg-convert'],
    [
      ['plot', 'groups', 'fit.json', '--out', 'a.svg', '--converter', 'x'],
      '--converter "x" is for --out FILE.png alone',
    ],
    [
      ['plot', 'groups', 'fit.json', '--out', 'a.png', '--converter', 'no-such-program -'],
      '--converter "no-such-program -": there is no such program',
    ],
    [['plot', 'groups', 'fit.json', '--out', 'a.png', '--converter', 'cat'], 'is no PNG'],
    [['plot', 'groups', 'fit.json', '--out', 'a.png', '--converter', 'false'], 'it ended with status 1'],
    [['plot', 'groups', 'fit.json', '--width', '20'], 'width: got 20; accepted is a whole number from 200 to 4000'],
  ])('refuses %j', async (argv, sentence) => {
    const { status, stderr } = await run(argv, files);
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
