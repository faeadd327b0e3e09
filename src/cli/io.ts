import type { OpenFile } from './files/wholeFile.ts';

/** The world as the commands see it; tests give their own. */
export interface Io {
  /** Standard output: answers, and nothing else. */
  readonly stdout: { write(text: string): unknown };
  /** Standard error: progress, notes and complaints. */
  readonly stderr: { write(text: string): unknown };
  /** Standard error for a line that is drawn over, where `stderr` passes no control characters. */
  readonly line?: { write(text: string): unknown };
  /** Whether standard error is a terminal: then a progress line is drawn. */
  readonly isTTY: boolean;
  /** What standard output shows on where it is a terminal; null or absent in a pipe, which is given plain text. */
  readonly terminal?: Terminal | null;
  /** The bytes of a file, in pieces; '-' is standard input. */
  readBytes(path: string): Iterable<Uint8Array>;
  /** Writes a file whole or not at all: an old file of that name stays until the new one is on the disk. */
  writeFile(path: string, pieces: Iterable<string | Uint8Array>): void;
  /** The same for pieces that come one by one. */
  openFile(path: string): OpenFile;
  /** Throws what `writeFile` would before its first piece; leaves nothing behind. */
  tryWriting(path: string): void;
  /** What a program makes of a text: its standard output; throws where it fails or there is none. */
  throughProgram(command: string, input: string): Uint8Array;
  /** Whether two paths lead to one file. */
  sameFile(first: string, second: string): boolean;
  /**
   * Has the first Ctrl-C, SIGTERM or SIGHUP call `listener` in place of ending the process, which the second one does;
   * what it gives ends that.
   */
  onStop(listener: (signal: StopName) => void): () => void;
}

/** A terminal: its columns, and whether colour is welcome. */
export interface Terminal {
  readonly columns: number;
  readonly colour: boolean;
}

/** The wishes of a user or a system that a command ends. */
export type StopName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/**
 * How a command ended: done; a fault of ours; wrong input or command; draws or estimates that are not to be trusted;
 * stopped by Ctrl-C, by SIGTERM or by a terminal that was closed, as shells number them, what was drawn being kept.
 */
export const STATUS = {
  done: 0,
  fault: 1,
  input: 2,
  untrusted: 3,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

export type Status = (typeof STATUS)[keyof typeof STATUS];
