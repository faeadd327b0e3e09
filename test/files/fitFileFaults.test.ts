import { describe, expect, test } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { faultOf } from '../faultOf.ts';
import { tiny } from '../mcmc/smallFits.ts';

const { graph, data } = tiny();
const text = toJson(sampleSync(graph, data, { chains: 2, warmup: 3, iterations: 4, seed: 3, kernels: 'gibbs' }));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

/** The text with the value at a path replaced; undefined takes the key away. */
function changed(path: Path, value: Json | undefined): string {
  const root = JSON.parse(text) as { [key: string]: Json };
  let parent = root as Record<string | number, Json>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string | number, Json>;
  const last = path.at(-1)!;
  if (value === undefined) delete parent[last];
  else Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  return JSON.stringify(root);
}

const message = (source: string): string => faultOf(() => fromJson(source)).message;

describe('reading a fit file', () => {
  test.each<[string, string, RegExp]>([
    ['text that is no JSON', 'chains: 4', /^fit file: the file is not JSON \(/],
    ['a cut file', text.slice(0, 900), /^fit file: the file is not JSON \(/],
    ['an empty text', '', /^fit file: the file is not JSON \(/],
    ['a list', '[]', /^fit file: the top level is an empty list; an object is expected$/],
    [
      'a file of ArviZ alone',
      changed(['partial_pooling'], undefined),
      /has no "partial_pooling"; only files written by partial-pooling/,
    ],
    [
      'a prototype key',
      text.replace('{"posterior"', '{"__proto__":{"x":1},"posterior"'),
      /top level has a key "__proto__"/,
    ],
    [
      'a schema of the future',
      changed(['partial_pooling', 'schema'], 4),
      /^fit file: partial_pooling.schema is 4; this version reads 1, 2, 3$/,
    ],
    [
      'a schema in text',
      changed(['partial_pooling', 'schema'], '1'),
      /partial_pooling.schema is "1"; this version reads 1, 2, 3$/,
    ],
    ['a missing seed', changed(['partial_pooling', 'seed'], undefined), /^fit file: partial_pooling has no "seed"$/],
    [
      'a number of chains in text',
      changed(['partial_pooling', 'chains'], '2'),
      /partial_pooling.chains is "2"; a whole number from 1 to 1000/,
    ],
    ['one chain too many', changed(['partial_pooling', 'chains'], 3), /posterior.beta has 2 entries; 3 are expected$/],
    [
      'an unknown rule',
      changed(['partial_pooling', 'rule'], 'nuts'),
      /partial_pooling.rule is "nuts"; accepted are auto, /,
    ],
    ['a missing variable', changed(['posterior', 'sigma'], undefined), /^fit file: posterior has no "sigma"$/],
    [
      'a variable of another model',
      changed(['posterior', 'nu'], [[1]]),
      /posterior holds "nu", which is no variable of its model/,
    ],
    [
      'a variable named as the prototype',
      changed(['posterior', '__proto__'], [[1]]),
      /posterior has a key "__proto__"/,
    ],
    [
      'a short chain',
      changed(['posterior', 'sigma', 1], [1, 2, 3]),
      /posterior.sigma\[1\] has 3 entries; 4 are expected$/,
    ],
    [
      'a ragged draw',
      changed(['posterior', 'u_g', 0, 2], [[1], [2]]),
      /posterior.u_g\[0\]\[2\] does not have the dimensions 3 x 1$/,
    ],
    [
      'a draw with another shape',
      changed(['posterior', 'u_g', 0, 2], [1, 2, 3]),
      /posterior.u_g\[0\]\[2\] does not have the dimensions 3 x 1$/,
    ],
    [
      'a draw in text',
      changed(['posterior', 'sigma', 0, 1], '0.5'),
      /posterior.sigma\[0\]\[1\] holds "0.5" where a finite number is expected$/,
    ],
    [
      'a draw that is null',
      changed(['posterior', 'beta', 0, 1, 0], null),
      /posterior.beta\[0\]\[1\] holds null where a finite number/,
    ],
    [
      'an infinite draw',
      text.replace(/("sigma":\[\[)[^,]+/, '$11e999'),
      /posterior.sigma\[0\]\[0\] holds null where a finite number/,
    ],
    [
      'levels that differ',
      changed(['partial_pooling', 'levels', 'g', 1], 'z'),
      /partial_pooling.levels.g are not the levels in the data$/,
    ],
    [
      'a prior that differs',
      changed(['partial_pooling', 'priors', 'sigma', 'df'], 4),
      /partial_pooling.priors are not those that its graph and data give/,
    ],
    [
      'an unknown node',
      changed(['partial_pooling', 'graph', 'nodes', 'eta', 'kind'], 'spline'),
      /node "eta": expected a node whose kind is one of/,
    ],
    [
      'a changed response',
      changed(['constant_data', 'y', 0], 2),
      /constant_data was changed: their fingerprint is [0-9a-f]{16} \(9 rows used\), the fit's is/,
    ],
    [
      'a data column in text',
      changed(['constant_data', 'x'], ['0', '1', '2', '0', '1', '2', '0', '1', '2']),
      /constant_data\["x"\]\[0\] is "0"; a finite number/,
    ],
    [
      'a short data column',
      changed(['constant_data', 'x'], [0, 1]),
      /constant_data\["x"\] has 2 entries; 9 are expected$/,
    ],
    ['no data', changed(['constant_data'], undefined), /^fit file: it holds no data; give the data that were fitted$/],
    [
      'a column of nowhere',
      changed(['partial_pooling', 'data', 'columns', 0, 'place'], 'cols'),
      /columns\[0\].place is "cols"; accepted are "rows" and/,
    ],
    [
      'a chain that stopped elsewhere',
      changed(['partial_pooling', 'state', 1, 'position', 0], 0.5),
      /partial_pooling.state\[1\].position is not the last draw/,
    ],
    [
      'a chain that stopped earlier',
      changed(['partial_pooling', 'state', 0, 'done'], 6),
      /state\[0\].done is 6; a whole number from 7 to 7/,
    ],
    [
      'a stream that is none',
      changed(['partial_pooling', 'streams', 0], [1, 2]),
      /^state of a random stream: got a list of 2 numbers/,
    ],
    [
      'a fraction in a stream',
      changed(['partial_pooling', 'streams', 0, 5], 0.5),
      /streams\[0\]\[5\] is 0.5; a whole number from 0 to/,
    ],
    [
      'a text in the state',
      changed(['partial_pooling', 'state', 0, 'latent'], { a: ['1'] }),
      /latent.a\[0\] is "1"; a number is expected/,
    ],
    [
      'a state unlike the first',
      changed(['partial_pooling', 'state', 1, 'latent'], { a: [1] }),
      /state\[1\].latent has not the names and sizes of the first/,
    ],
    [
      'a state named as the prototype',
      changed(['partial_pooling', 'state', 0, 'latent', '__proto__'], [1]),
      /state\[0\].latent has a key "__proto__"/,
    ],
    [
      'a likelihood that differs',
      changed(['partial_pooling', 'logLikelihood'], -1),
      /the log-likelihood at the first draw is .* and -1 in the file/,
    ],
    [
      'a likelihood kept back',
      changed(['partial_pooling', 'logLikelihood'], null),
      /the log-likelihood at the first draw is .* and null in the file/,
    ],
    [
      'seconds in text',
      changed(['partial_pooling', 'times', 'warmupSeconds'], '1'),
      /times.warmupSeconds is "1"; a finite number/,
    ],
  ])('refuses %s in one sentence that names the place', (_, source, sentence) => {
    const found = message(source);
    expect(found).toMatch(sentence);
    expect(found).not.toContain('\n');
  });

  test('refuses a prior nested without end', () => {
    const deep = `${'{"tau":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const source = text.replace('"graph":{', `"graph":{"deep":${deep},`);
    expect(message(source)).toBe('fit file: partial_pooling.graph nests too deeply');
  });

  test('refuses text that is not text', () => {
    expect(() => fromJson(undefined as unknown as string)).toThrow(ModelError);
  });

  test('answers any one value replaced by another kind, or taken away, with a fit or a ModelError, never another error', () => {
    const paths: Path[] = [];
    const visit = (value: Json, path: Path): void => {
      if (path.length > 0) paths.push(path);
      // The first entries of a list stand for the rest: a stream alone has 600 words.
      if (Array.isArray(value))
        value.slice(0, 2).forEach((entry, i) => {
          visit(entry, [...path, i]);
        });
      else if (typeof value === 'object' && value !== null) {
        for (const [key, entry] of Object.entries(value)) visit(entry, [...path, key]);
      }
    };
    visit(JSON.parse(text) as Json, []);
    const junk: (Json | undefined)[] = [undefined, null, -1, 'x', [], {}, [[]]];
    let refused = 0;
    for (const path of paths) {
      for (const value of junk) {
        try {
          fromJson(changed(path, value));
        } catch (error) {
          if (!(error instanceof ModelError))
            throw new Error(`${path.join('.')} = ${JSON.stringify(value)}`, { cause: error });
          refused += 1;
        }
      }
    }
    expect(paths.length).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(4 * paths.length);
  });
});
