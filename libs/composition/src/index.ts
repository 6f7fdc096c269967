export { composeShop } from './compose.ts';
export type { Composition } from './compose.ts';
export { runHost } from './host.ts';
export type { Running } from './host.ts';
export type { Readiness } from './readiness.ts';
