export { canonicalJson, fingerprint } from './canonical-json.ts';
export { createPasswordHasher } from './password.ts';
export type { PasswordHasher } from './password.ts';
export { createRateLimiter, networkOf } from './rate-limit.ts';
export type { RateLimiter } from './rate-limit.ts';
export { createTokenIssuer, generateSigningKeys } from './token-issuer.ts';
export type { AccessTokenClaims, SigningKeySet, TokenIssuer } from './token-issuer.ts';
export { deriveSuccessor, hashToken, randomToken, timingSafeEqualStrings } from './tokens.ts';
