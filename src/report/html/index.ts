// Every public name of the entry partial-pooling/report.

export type { Making } from './repeatSection.ts';
export { type ReportDocument, type ReportOptions, type ReportSection, report, reportDocument } from './report.ts';
