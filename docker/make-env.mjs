/**
 * Writes docker/.env for docker-compose.yml: fresh secrets, and the variables that are yours to fill in. An existing
 * file is left alone. Node built-ins only.
 *
 *   node docker/make-env.mjs [--url http://localhost:8080] [--stripe-key sk_... --stripe-webhook-secret whsec_...]
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    'stripe-key': { type: 'string' },
    'stripe-webhook-secret': { type: 'string' },
    'smtp-url': { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('./.env', import.meta.url)) },
  },
});

const { privateKey } = generateKeyPairSync('ed25519');
const jwk = privateKey.export({ format: 'jwk' });
const thumbprint = createHash('sha256').update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }));
const keys = { keys: [{ ...jwk, kid: thumbprint.digest('base64url'), alg: 'EdDSA', use: 'sig' }] };
const encryptionKeys = {
  keys: [{ kty: 'oct', kid: randomBytes(8).toString('hex'), k: randomBytes(32).toString('base64url') }],
};
const secret = (bytes) => randomBytes(bytes).toString('hex');
const standIn = values['stripe-key'] === undefined;

const lines = [
  '# Secrets and settings of the shop for docker-compose.yml. Keep it out of version control.',
  '',
  '# Where customers reach the shop, without a slash at the end.',
  `PUBLIC_URL=${values.url}`,
  `WEB_URL=${values.url}`,
  `ALLOWED_ORIGINS=${values.url}`,
  `ALLOWED_RETURN_URLS=${values.url}`,
  '',
  '# Signs access tokens; to change keys put a new one first and keep the old one until its tokens have expired.',
  `JWT_KEYS='${JSON.stringify(keys)}'`,
  `SESSION_SECRET=${secret(32)}`,
  '# Encrypts the secrets of second factors; to change keys put a new one first and keep the old one.',
  `ENCRYPTION_KEYS='${JSON.stringify(encryptionKeys)}'`,
  '',
  standIn
    ? '# Keys of the local stand-in (docker compose --profile demo). For Stripe put yours and remove STRIPE_API_BASE.'
    : '# Your Stripe account. Its webhook goes to PUBLIC_URL/webhooks/stripe.',
  `STRIPE_SECRET_KEY=${values['stripe-key'] ?? `sk_test_${secret(24)}`}`,
  `STRIPE_WEBHOOK_SECRET=${values['stripe-webhook-secret'] ?? `whsec_${secret(24)}`}`,
  ...(standIn ? ['STRIPE_API_BASE=http://stripe:4242'] : []),
  '',
  '# The bucket for files, see docs/guides/files.md; empty for none. http://files.localhost:9000 is that of --profile demo.',
  ...(standIn
    ? [
        'S3_BUCKET=cartwright',
        'S3_ENDPOINT=http://files.localhost:9000',
        'S3_ACCESS_KEY_ID=cartwright',
        `S3_SECRET_ACCESS_KEY=${secret(24)}`,
      ]
    : [
        '# Browsers send files there: start docker compose with FILES_ORIGINS=https://..., the origins of the bucket and of',
        '# S3_PUBLIC_URL separated by commas, in its own environment.',
        'S3_BUCKET=',
        'S3_REGION=us-east-1',
        'S3_PUBLIC_URL=',
      ]),
  '',
  '# Your mail server; smtp://mailbox:1025 is the mailbox of --profile demo.',
  `SMTP_URL=${values['smtp-url'] ?? 'smtp://mailbox:1025'}`,
  'MAIL_FROM=Cartwright <shop@cartwright.test>',
  '',
  '# The shop.',
  'SHOP_NAME=Cartwright',
  '# Who sells, as invoices have to say it; the lines of the address are parted by |.',
  'SHOP_LEGAL_NAME=',
  'SHOP_ADDRESS=',
  'SHOP_TAX_ID=',
  'SHOP_CURRENCY=USD',
  'SHOP_COUNTRY=US',
  'SHOP_TIMEZONE=UTC',
  'TAX_MODE=exclusive',
  'LOG_LEVEL=info',
  '',
];

if (existsSync(values.out)) {
  console.error(`${values.out} exists already and was left as it is. Remove it first to make new secrets.`);
  process.exitCode = 1;
} else {
  writeFileSync(values.out, lines.join('\n'), { mode: 0o600 });
  console.log(
    `Wrote ${values.out}. Look through it, then: ${standIn ? 'FILES_ORIGINS=http://files.localhost:9000 docker compose --profile demo' : 'docker compose'} up --build -d`,
  );
}
