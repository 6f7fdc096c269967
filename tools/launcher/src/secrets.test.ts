import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { generateSecrets, loadOrCreateSecrets } from './secrets.ts';

it('makes an Ed25519 key that signs', () => {
  const { keys } = JSON.parse(generateSecrets().jwtKeys);
  const key = createPrivateKey({ key: keys[0], format: 'jwk' });
  const signature = sign(null, Buffer.from('text'), key);
  expect(verify(null, Buffer.from('text'), createPublicKey(key), signature)).toBe(true);
  expect(keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: expect.any(String) });
});

it('keeps the secrets of a data folder, readable by their owner alone', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  const file = path.join(folder, 'secrets.json');
  const first = loadOrCreateSecrets(file);
  expect(loadOrCreateSecrets(file)).toEqual(first);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(first.sessionSecret.length).toBeGreaterThanOrEqual(32);
  rmSync(folder, { recursive: true });
});

it('adds to the secrets of an older release, once and for all', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'secrets-'));
  const file = path.join(folder, 'secrets.json');
  const { sessionSecret } = loadOrCreateSecrets(file);
  const { encryptionKeys: _new, ...older } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  writeFileSync(file, JSON.stringify(older));
  const { encryptionKeys } = loadOrCreateSecrets(file);
  expect(JSON.parse(encryptionKeys)).toMatchObject({ keys: [{ kty: 'oct', k: expect.stringMatching(/^[\w-]{43}$/) }] });
  expect(loadOrCreateSecrets(file)).toMatchObject({ encryptionKeys, sessionSecret });
  rmSync(folder, { recursive: true });
});
