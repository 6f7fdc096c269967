export { startHealthServer } from './health-server.ts';
export type { HealthServer } from './health-server.ts';
