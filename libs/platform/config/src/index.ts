export { loadConfig } from './config.ts';
export type { Config, JwtKeys } from './config.ts';
export { ConfigError } from './config-error.ts';
