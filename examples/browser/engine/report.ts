// A chunk of its own: fetched when a report is asked for.
export { report } from '../../../src/report/html/index.ts';
