import { quote } from '../../input/quote.ts';
import type { Command } from '../command.ts';
import { candidates } from '../completion/candidates.ts';
import { SCRIPTS, SHELLS } from '../completion/scripts.ts';
import { STATUS } from '../io.ts';
import { usageError } from '../parseArguments.ts';

/** The command that completes words, of all `commands`. */
export const completionCommand = (commands: () => readonly Command[]): Command => ({
  name: 'completion',
  summary: 'print what makes a shell complete commands, options and columns',
  operands: [{ name: 'SHELL', optional: true, help: SHELLS.join(', ') }],
  options: [
    {
      name: 'word',
      value: 'WORD',
      repeat: true,
      help: 'a word typed so far, the last one unfinished: what may stand for it',
    },
  ],
  example: 'partial-pooling completion bash',
  run(args, io) {
    const [given] = args.operands;
    const shell = SHELLS.find((name) => name === given);
    if (shell !== undefined) {
      io.stdout.write(SCRIPTS[shell]);
      return STATUS.done;
    }
    const words = args.texts('word');
    if (given !== undefined || words.length === 0) {
      throw usageError('SHELL', `completion: got ${quote(given)}; accepted is ${SHELLS.join(', ')}`);
    }
    for (const word of candidates(words, commands(), io)) io.stdout.write(`${word}\n`);
    return STATUS.done;
  },
});
