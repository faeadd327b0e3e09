/**
 * What a checksum is taken of: a parsed fit file without its draws and its checksum as JSON text, whatever the white
 * space and the digits it was written in.
 */
export function canonical(root: object): string {
  const { posterior: _, ...rest } = root as Record<string, unknown>;
  const { checksum: __, ...own } = rest['partial_pooling'] as Record<string, unknown>;
  return JSON.stringify({ ...rest, partial_pooling: own });
}
