export { createAppRouter } from './app-router.ts';
export type { AppRouter, AppServices } from './app-router.ts';
export type { DeadLetterDto, QueueDto } from './admin-jobs.contracts.ts';
export type { JobsAdmin } from './admin-jobs.router.ts';
export type { ShopConfigDto } from './system.contracts.ts';
export type { SystemFacts } from './system.router.ts';
