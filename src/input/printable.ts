/**
 * Control characters but the line feed and the tab, line and paragraph separators, and the marks that override the
 * direction of writing.
 */
const UNSAFE = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text for a terminal: what would move its cursor, colour it, set its title or hide what stands there is shown as
 * \u001b and the like, so that nothing in a file, a name or an option is run.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, shown);
}

/** A value as JSON that is as safe to print; it parses to the same value. Undefined for what JSON has no text for. */
export function printableJson(value: unknown): string {
  return String(JSON.stringify(value)).replace(UNSAFE, shown);
}

function shown(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
