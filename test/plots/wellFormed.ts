/** What is wrong with a text as XML of elements, attributes and escaped text alone; null where nothing is. */
export function wellFormed(xml: string): string | null {
  const open: string[] = [];
  const token = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let at = 0;
  while (at < xml.length) {
    token.lastIndex = at;
    const found = token.exec(xml);
    if (found === null) return `not XML at ${at}: ${xml.slice(at, at + 60)}`;
    const [whole, closing, name, attributes = '', alone, text] = found;
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(text ?? attributes)) return `a bare & in ${whole}`;
    const names = [...attributes.matchAll(/([\w:-]+)=/g)].map(([, each]) => each);
    if (new Set(names).size < names.length) return `an attribute twice in ${whole}`;
    if (name !== undefined && closing) {
      if (open.pop() !== name) return `${whole} closes something else`;
    } else if (name !== undefined && !alone) open.push(name);
    at += whole.length;
  }
  return open.length === 0 ? null : `left open: ${open.join()}`;
}
