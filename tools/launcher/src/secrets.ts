import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Secrets of a local shop, made once per data folder. */
export type Secrets = {
  jwtKeys: string;
  encryptionKeys: string;
  sessionSecret: string;
  stripeSecretKey: string;
  stripeWebhookSecret: string;
  s3SecretAccessKey: string;
};

/** Makes new secrets; the signing key is Ed25519 and its id its RFC 7638 thumbprint. */
export function generateSecrets(): Secrets {
  const { privateKey } = generateKeyPairSync('ed25519');
  const jwk = privateKey.export({ format: 'jwk' });
  const canonical = JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x });
  const kid = createHash('sha256').update(canonical).digest('base64url');
  return {
    jwtKeys: JSON.stringify({ keys: [{ ...jwk, kid, alg: 'EdDSA', use: 'sig' }] }),
    encryptionKeys: JSON.stringify({
      keys: [{ kty: 'oct', kid: randomBytes(8).toString('hex'), k: randomBytes(32).toString('base64url') }],
    }),
    sessionSecret: randomBytes(36).toString('base64url'),
    stripeSecretKey: `sk_test_${randomBytes(24).toString('hex')}`,
    stripeWebhookSecret: `whsec_${randomBytes(24).toString('hex')}`,
    s3SecretAccessKey: randomBytes(30).toString('base64url'),
  };
}

/** Reads the secrets of a data folder or makes them; only the owner can read the file. */
export function loadOrCreateSecrets(file: string): Secrets {
  if (existsSync(file)) {
    chmodSync(file, 0o600);
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
    const secrets = { ...generateSecrets(), ...stored };
    // A folder of an older release lacks some: those made now must be the same at the next start.
    if (Object.keys(stored).length < Object.keys(secrets).length) keep(file, secrets);
    return secrets;
  }
  const secrets = generateSecrets();
  keep(file, secrets);
  return secrets;
}

function keep(file: string, secrets: Secrets): void {
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
}
