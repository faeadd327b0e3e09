/** Codes of the faults a caller of the diagnostics can mend. Stable: programs may switch on them. */
export type DiagnosticsErrorCode =
  | 'no-variables'
  | 'no-chains'
  | 'no-draws'
  | 'unequal-chains'
  | 'not-numeric'
  | 'not-finite'
  | 'bad-argument'
  | 'unknown-option'
  | 'bad-shape'
  | 'bad-json'
  | 'bad-csv';

/**
 * The one error the diagnostics throw: a stable `code` and one sentence that says what was given and what is accepted.
 */
export class DiagnosticsError extends Error {
  readonly code: DiagnosticsErrorCode;

  constructor(code: DiagnosticsErrorCode, message: string) {
    super(message);
    this.name = 'DiagnosticsError';
    this.code = code;
  }
}
