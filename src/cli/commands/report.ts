import { FIT_FILE_WRITER } from '../../files/fitFile.ts';
import { reportDocument } from '../../report/html/report.ts';
import { check } from '../../summary/checks/check.ts';
import { type Command, JSON_OPTION, printJson } from '../command.ts';
import { FIT_DATA_OPTIONS, FIT_OPERAND, readFit } from '../files/fitFile.ts';
import { outPath, writeOut } from '../files/outFile.ts';
import type { Status } from '../io.ts';
import { trust } from '../summaryDocument.ts';

export const reportCommand: Command = {
  name: 'report',
  summary: 'write a fit as one page for readers: verdict, findings, estimates, pictures, model',
  operands: [FIT_OPERAND],
  options: [
    { name: 'out', value: 'FILE', help: 'the page, as FILE.html; standard output unless given' },
    { name: 'title', value: 'TEXT', help: 'default: the response by the grouping factors' },
    { name: 'date', value: 'TEXT', help: 'default: today' },
    { name: 'no-ml', help: 'leave out the likelihood fit beside the posterior' },
    ...FIT_DATA_OPTIONS,
    JSON_OPTION,
  ],
  example: 'partial-pooling report fit.json --out report.html',
  run(args, io): Status {
    const out = outPath(args, io);
    const fit = readFit(args, io);
    const title = args.text('title');
    const verdict = check(fit);
    const { html, ...parts } = reportDocument(fit, {
      ...(title === undefined ? {} : { title }),
      ...(args.flag('no-ml') ? { compare: null } : {}),
      check: verdict,
      date: args.text('date') ?? new Date().toISOString().slice(0, 10),
      version: FIT_FILE_WRITER.version,
      platform: `Node ${process.version}`,
    });
    if (out !== undefined) writeOut(out, [html], io);
    if (args.flag('json')) printJson(io, { ...parts, check: verdict });
    else if (out === undefined) io.stdout.write(html);
    return trust(verdict);
  },
};
