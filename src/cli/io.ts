/** The world as the commands see it; tests give their own. */
export interface Io {
  /** Standard output: answers, and nothing else. */
  readonly stdout: { write(text: string): unknown };
  /** Standard error: progress, notes and complaints. */
  readonly stderr: { write(text: string): unknown };
  /** Whether standard error is a terminal: then a progress line is drawn. */
  readonly isTTY: boolean;
  /** The text of a file; '-' is standard input. */
  readFile(path: string): string;
  /** The bytes of a file, in pieces; '-' is standard input. */
  readBytes(path: string): Iterable<Uint8Array>;
  writeFile(path: string, text: string): void;
}

/** How a command ended: done; a fault of ours; wrong input or command; draws or estimates that are not to be trusted. */
export const STATUS = { done: 0, fault: 1, input: 2, untrusted: 3 } as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];
