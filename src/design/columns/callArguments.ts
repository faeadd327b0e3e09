import { ModelError } from '../../errors.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';

/** A call inside a term. The parser has checked its arguments; these functions take them apart. */
export type Call = Extract<Expression, { type: 'call' }>;

/** The argument of a call of one argument, such as log(x). */
export function onlyArgument(call: Call): Expression {
  const [argument] = call.args;
  if (argument === undefined) throw badCall(call, 'one argument');
  return argument;
}

/** The arguments of within(x, g) and between(x, g): an expression and the name of a grouping column. */
export function groupArguments(call: Call): { argument: Expression; by: string } {
  const [argument, by] = call.args;
  if (argument === undefined || by?.type !== 'name')
    throw badCall(call, 'a variable and the name of a grouping column');
  return { argument, by: by.name };
}

/** The arguments of poly(x, degree): an expression and a whole number of 1 or more. */
export function polyArguments(call: Call): { argument: Expression; degree: number } {
  const [argument, degree] = call.args;
  if (argument === undefined || degree?.type !== 'number') throw badCall(call, 'a variable and a degree');
  return { argument, degree: degree.value };
}

/** The arguments of factor(x, ref = "level"): the name of a column and the reference level, null when not given. */
export function factorArguments(call: Call): { name: string; ref: string | null } {
  const [argument] = call.args;
  const ref = Object.hasOwn(call.named, 'ref') ? call.named['ref'] : undefined;
  if (argument?.type !== 'name') throw badCall(call, 'a column and, if wanted, ref = "level"');
  return { name: argument.name, ref: ref?.type === 'text' ? ref.value : null };
}

/** The call factor(name). */
export function factorCall(name: string): Call {
  return { type: 'call', name: 'factor', args: [{ type: 'name', name }], named: {} };
}

/** The columns of interaction(a, b), two or more. */
export function combinedColumns(call: Call): readonly string[] {
  const names = call.args.flatMap((argument) => (argument.type === 'name' ? [argument.name] : []));
  if (names.length !== call.args.length || names.length < 2) throw badCall(call, 'two columns or more');
  return names;
}

function badCall(call: Call, accepted: string): ModelError {
  const text = expressionText(call);
  return new ModelError('bad-call', text, `${text}: ${call.name}() takes ${accepted}`);
}
