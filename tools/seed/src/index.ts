export { createProgress } from './progress.ts';
export type { Progress } from './progress.ts';
export { DEMO_ADMIN, DEMO_PASSWORD } from './seed-people.ts';
export { seedShop } from './seed.ts';
export type { SeedOptions, SeedResult, SeedShop } from './seed.ts';
