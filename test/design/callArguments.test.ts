import { describe, expect, it } from 'vitest';
import { type Call, groupArguments, onlyArgument, polyArguments } from '../../src/design/columns/callArguments.ts';
import { ModelError } from '../../src/errors.ts';

const x = { type: 'name', name: 'x' } as const;
const two = { type: 'number', value: 2 } as const;
const call = (name: string, ...args: Call['args']): Call => ({ type: 'call', name, args, named: {} }) as Call;

describe('the arguments of a call in a graph that no parser has seen', () => {
  it('are refused where one is missing or of another kind', () => {
    expect(groupArguments(call('within', two, x))).toEqual({ argument: two, by: 'x' });
    for (const args of [[], [x], [x, two]]) {
      expect(() => groupArguments(call('within', ...args))).toThrow(ModelError);
    }
    expect(polyArguments(call('poly', x, two))).toEqual({ argument: x, degree: 2 });
    for (const args of [[], [x], [x, x]]) expect(() => polyArguments(call('poly', ...args))).toThrow(ModelError);
    expect(onlyArgument(call('log', x))).toEqual(x);
    expect(() => onlyArgument(call('log'))).toThrow(ModelError);
  });
});
