/** A text in pieces of so many characters or somewhat more, the last one of what is left. */
export function* joinedPieces(pieces: Iterable<string>, least: number): Generator<string> {
  let waiting: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < least) continue;
    yield waiting.join('');
    waiting = [];
    length = 0;
  }
  if (length > 0) yield waiting.join('');
}
