// In this repository the sources run as they are, through tsx, which a worker thread does not take over from the main thread.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
