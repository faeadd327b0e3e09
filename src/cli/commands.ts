import { checkCommand } from './check.ts';
import type { Command } from './command.ts';
import { mlCommand } from './ml.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [checkCommand, mlCommand];
