import { ModelError } from '../../errors.ts';
import type { Io } from '../io.ts';
import { decodedText } from './decodedText.ts';

/** The text of a file, packed by gzip or not. Throws `ModelError` code `file`, with what the system says. */
export function readText(path: string, io: Io): string {
  return Array.from(textPieces(path, io)).join('');
}

/** The same in pieces, for texts of any length. */
export function textPieces(path: string, io: Io): Generator<string> {
  return decodedText(readBytes(path, io), path === '-' ? 'standard input' : path);
}

/** The bytes of a file, in pieces. Throws as `readText` does, where the first piece is asked for. */
export function* readBytes(path: string, io: Io): Generator<Uint8Array> {
  try {
    yield* io.readBytes(path);
  } catch (error) {
    throw fileError(path, 'read', error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  ENOTDIR: 'a part of its path is no folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
  ENAMETOOLONG: 'its name is too long',
};

/** The error of a file that the system does not give or take. */
export function fileError(path: string, action: 'read' | 'written', error: unknown): ModelError {
  const code = (error as { code?: unknown }).code;
  const reason = typeof code === 'string' ? REASONS[code] : undefined;
  const because = reason ?? (error instanceof Error ? error.message : String(error));
  return new ModelError('file', path, `${path} cannot be ${action}: ${because}`);
}
