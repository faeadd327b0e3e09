// In this repository the sources run as they are, through tsx, which a worker thread does not take over from the main
// thread; where they were bundled before (the tests do, once), that is loaded, which takes a tenth of the time.
import { register } from 'tsx/esm/api';

const { PARTIAL_POOLING_BUNDLE: bundle } = process.env;
if (bundle === undefined) register();
await import(bundle === undefined ? './worker.ts' : `file://${bundle}/worker.js`);
