// A chunk of its own: fetched when a file is dropped on the page.
import { parseCsv } from '../../../src/index.ts';

export { parseCsv };
