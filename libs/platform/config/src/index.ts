export { loadConfig } from './config.ts';
export type { Config, EncryptionKeys, JwtKeys } from './config.ts';
export { ConfigError } from './config-error.ts';
