import { checkCommand } from './check.ts';
import type { Command } from './command.ts';
import { compareCommand } from './compare.ts';
import { describeCommand } from './describe.ts';
import { exportCommand } from './export.ts';
import { fitCommand } from './fit.ts';
import { mlCommand } from './ml.ts';
import { poststratifyCommand } from './poststratify.ts';
import { predictCommand } from './predict.ts';
import { shrinkageCommand } from './shrinkage.ts';
import { summaryCommand } from './summary.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  fitCommand,
  summaryCommand,
  checkCommand,
  shrinkageCommand,
  predictCommand,
  poststratifyCommand,
  compareCommand,
  mlCommand,
  describeCommand,
  exportCommand,
];
