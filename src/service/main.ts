/** Entry of the bundle that is loaded when the service is first called. undici is reached from here only. */
export { createClient } from './client.ts';
export { isServiceError, toFailure } from './errors.ts';
export { practicePace } from './pace.ts';
