// A chunk of its own: fetched when a model is first put into words, after the picture.
import { describe } from '../../../src/index.ts';

export { describe };
