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

/**
 * Writes a file whole or not at all: the pieces go to a file beside it, which takes its name when all of it has reached
 * the disk. Until then an old file of that name is as it was, whatever happens: a full disk, an error of `pieces`, the
 * end of the process. What is no file (a pipe, /dev/stdout) is written as it is. Throws what the system says.
 */
export function writeWholeFile(path: string, pieces: Iterable<string | Uint8Array>): void {
  const { target, old } = targetOf(path);
  if (old && !old.isFile()) {
    const file = openSync(target, constants.O_WRONLY);
    try {
      writePieces(file, pieces);
    } finally {
      closeSync(file);
    }
    return;
  }
  const beside = besideOf(target);
  try {
    const file = openBeside(beside);
    try {
      if (old) fchmodSync(file, old.mode & 0o7777);
      writePieces(file, pieces);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, target);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
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

/** The name is short, so that the longest name of a file can be written too. */
function besideOf(target: string): string {
  return join(dirname(target), `.partial-pooling-${process.pid}.tmp`);
}

function openBeside(beside: string): number {
  // Left by a process of this number that was killed; what a link of that name leads to is not touched.
  rmSync(beside, { force: true });
  return openSync(beside, 'wx');
}

function writePieces(file: number, pieces: Iterable<string | Uint8Array>): void {
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (let at = 0; at < bytes.length; ) at += writeSome(file, bytes, at);
  }
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
