// Every public name of the entry partial-pooling/report.

export { type ModelMath, modelMath } from './mathMl.ts';
export type { Making } from './repeatSection.ts';
export { type ReportDocument, type ReportOptions, type ReportSection, report, reportDocument } from './report.ts';
