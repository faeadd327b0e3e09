#!/usr/bin/env node
import { fileBytes } from './cli/files/fileBytes.ts';
import { openWholeFile, sameFile, tryWholeFile, writeWholeFile } from './cli/files/wholeFile.ts';
import { main } from './cli/main.ts';
import { onStop } from './cli/onStop.ts';
import { terminalOf } from './cli/terminal.ts';

// A reader that closes the pipe early (head) is no fault; anything else on the way out is.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}

main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTTY: process.stderr.isTTY === true,
  terminal: terminalOf(process.stdout, process.env),
  readBytes: fileBytes,
  writeFile: writeWholeFile,
  openFile: openWholeFile,
  tryWriting: tryWholeFile,
  sameFile,
  onStop,
}).then((status) => {
  process.exitCode = status;
});
