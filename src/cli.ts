#!/usr/bin/env node
import { fileBytes } from './cli/files/fileBytes.ts';
import { fileError } from './cli/files/files.ts';
import { throughProgram } from './cli/files/throughProgram.ts';
import { openWholeFile, sameFile, tryWholeFile, writeWholeFile } from './cli/files/wholeFile.ts';
import { STATUS } from './cli/io.ts';
import { main } from './cli/main.ts';
import { onStop } from './cli/onStop.ts';
import { terminalOf } from './cli/terminal.ts';

// A reader that closes the pipe early (head) is no fault; what else keeps an answer from being printed is said.
process.stdout.on('error', unprinted);
process.stderr.on('error', () => {});

main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stderr.isTTY === true,
  terminal: terminalOf(process.stdout, process.env),
  readBytes: fileBytes,
  writeFile: writeWholeFile,
  openFile: openWholeFile,
  tryWriting: tryWholeFile,
  throughProgram,
  sameFile,
  onStop,
}).then((status) => {
  process.exitCode ??= status;
});

function unprinted(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? STATUS.done);
  if (process.exitCode === STATUS.input) return;
  process.exitCode = STATUS.input;
  process.stderr.write(`partial-pooling: ${fileError('standard output', 'written', error).message}\n`);
}
