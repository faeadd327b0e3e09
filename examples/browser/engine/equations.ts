// A chunk of its own: fetched when the equations are opened.
import { modelMath } from '../../../src/report/html/index.ts';

export { modelMath };
