/**
 * Whole fits of the built library by the clock: the time to first draw, and chains in turn and in workers. `npm run
 * build && npm run bench:whole`.
 */
import { firstDraws } from './firstDraws.ts';
import { inWorkers } from './inWorkers.ts';

for (const line of [...firstDraws(), '', ...(await inWorkers())]) console.log(line);
