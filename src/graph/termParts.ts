/**
 * The factors of a product as written, none for the constant ('1', `Intercept`): `floor:log(x)` has `floor` and
 * `log(x)`. Colons inside parentheses and backquotes do not divide.
 */
export function termParts(text: string): readonly string[] {
  if (text === '1' || text === 'Intercept') return [];
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i]!;
    if (character === '`') quoted = !quoted;
    if (quoted) {
      if (character === '\\') i += 1;
      continue;
    }
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ':' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  return [...parts, text.slice(start)];
}
