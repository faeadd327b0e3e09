/**
 * Every fault a caller can mend is a `ModelError`: a stable `code` for programs, `where` the place (a column, a node,
 * a file and line), and one sentence that names the place, quotes what was given and says what is accepted. A text that
 * cannot be read has a `position`, too: the index of the fault in it, in UTF-16 units, for editors that mark it.
 */
export class ModelError extends Error {
  readonly code: string;
  readonly where: string;
  readonly position: number | null;

  constructor(code: string, where: string, message: string, position: number | null = null) {
    super(message);
    this.name = 'ModelError';
    this.code = code;
    this.where = where;
    this.position = position;
  }
}
