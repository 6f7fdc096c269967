export { AWAY, createAsking } from './asking.ts';
export type { Asking } from './asking.ts';
export { createChangeChannel } from './change-channel.ts';
export type { ChangeChannel, ChangeListener, ChangeWatch } from './change-channel.ts';
export { createSharedValue } from './shared-value.ts';
export { assertNoEviction, createRedis, isRedisUnavailable } from './redis.ts';
export type { Redis, RedisClient } from './redis.ts';
export { defineScript } from './script.ts';
export type { RedisScript } from './script.ts';
