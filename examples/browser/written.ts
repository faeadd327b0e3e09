/** The name of a column as a formula has it. */
export const written = (name: string): string =>
  /^[A-Za-z][\w.]*$/.test(name) ? name : `\`${name.replaceAll('`', '\\`')}\``;
