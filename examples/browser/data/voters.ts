// Built into a file of its own, which is fetched when the example is opened.
export { voters as columns } from '../../../src/datasets/index.ts';
