// A chunk of its own: fetched when a report is asked for.
import { report } from '../../../src/report/html/index.ts';

export { report };
