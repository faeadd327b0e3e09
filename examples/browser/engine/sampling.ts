// A chunk of its own: fetched when the chains are started.
import { sample } from '../../../src/index.ts';

export { chainNews } from './chainNews.ts';
export { verdict } from './verdict.ts';
export { sample };
