/**
 * Every fault a caller can mend is a `ModelError`: a stable `code` for programs, `where` the place (a column, a node,
 * a file and line), and one sentence that names the place, quotes what was given and says what is accepted.
 */
export class ModelError extends Error {
  readonly code: string;
  readonly where: string;

  constructor(code: string, where: string, message: string) {
    super(message);
    this.name = 'ModelError';
    this.code = code;
    this.where = where;
  }
}
