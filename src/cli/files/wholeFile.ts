import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A file that is being written. */
export interface OpenFile {
  /** Throws what the system says. */
  write(piece: string | Uint8Array): void;
  /** What was written is the file. */
  close(): void;
  /** What was written is nothing. */
  discard(): void;
}

/**
 * Writes a file whole or not at all: the pieces go to a file beside it, which takes its name when all of it has reached
 * the disk. Until then an old file of that name is as it was, whatever happens: a full disk, an error of `pieces`, the
 * end of the process. What is no file (a pipe, /dev/stdout) is written as it is. Throws what the system says.
 */
export function writeWholeFile(path: string, pieces: Iterable<string | Uint8Array>): void {
  const file = openWholeFile(path);
  try {
    for (const piece of pieces) file.write(piece);
    file.close();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** The same for pieces that come one by one. */
export function openWholeFile(path: string): OpenFile {
  const { target, old } = targetOf(path);
  if (old && !old.isFile()) {
    const file = openSync(target, constants.O_WRONLY);
    const close = once(() => closeSync(file));
    return { write: (piece) => writePiece(file, piece), close, discard: close };
  }
  const beside = besideOf(target);
  const file = openBeside(beside);
  const closeFile = once(() => closeSync(file));
  if (old) fchmodSync(file, old.mode & 0o7777);
  return {
    write: (piece) => writePiece(file, piece),
    close() {
      fsyncSync(file);
      closeFile();
      renameSync(beside, target);
      syncFolder(dirname(target));
    },
    discard() {
      closeFile();
      rmSync(beside, { force: true });
    },
  };
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}

/** Throws what `writeWholeFile` would before its first piece; writes nothing that stays. */
export function tryWholeFile(path: string): void {
  const { target, old } = targetOf(path);
  if (old?.isDirectory()) throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
  if (old && !old.isFile()) return;
  if (old) closeSync(openSync(target, constants.O_WRONLY));
  const beside = besideOf(target);
  closeSync(openBeside(beside));
  rmSync(beside, { force: true });
}

/** Whether two paths lead to one file; a file that is not there is the one of its path. */
export function sameFile(first: string, second: string): boolean {
  const [a, b] = [targetOf(first), targetOf(second)];
  return a.old && b.old ? a.old.dev === b.old.dev && a.old.ino === b.old.ino : a.target === b.target;
}

/** Where a path leads through links, and what is there now; undefined where there is nothing. */
function targetOf(path: string): { readonly target: string; readonly old: Stats | undefined } {
  const old = statSync(path, { throwIfNoEntry: false });
  // A device or a pipe stays as it is called: the link /dev/stdout leads to no path where it leads to a pipe.
  return { target: old?.isFile() ? realpathSync(path) : resolve(path), old };
}

/** Files that this process has opened: two may be written at once. */
let opened = 0;

/** The name is short, so that the longest name of a file can be written too. */
function besideOf(target: string): string {
  opened += 1;
  return join(dirname(target), `.partial-pooling-${process.pid}-${opened}.tmp`);
}

function openBeside(beside: string): number {
  // Left by a process of this number that was killed; what a link of that name leads to is not touched.
  rmSync(beside, { force: true });
  return openSync(beside, 'wx');
}

function writePiece(file: number, piece: string | Uint8Array): void {
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  for (let at = 0; at < bytes.length; ) at += writeSome(file, bytes, at);
}

/** Waits where a pipe takes nothing just now. */
function writeSome(file: number, bytes: Uint8Array, at: number): number {
  for (;;) {
    try {
      return writeSync(file, bytes, at);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** That the new name is on the disk, too; systems that cannot say so of a folder are believed. */
function syncFolder(folder: string): void {
  try {
    const file = openSync(folder, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {}
}
