import { createSilentLogger } from '@cartwright/platform-logger';
import { createMails } from '@cartwright/platform-mail';
import { createOutbox } from '@cartwright/platform-outbox';
import {
  createPasswordHasher,
  createSecretBox,
  createTokenIssuer,
  createTotp,
  generateSigningKeys,
  type EncryptionKeySet,
  type PasswordHasher,
} from '@cartwright/platform-security';
import { collectingAudit, collectingQueues, fixedClock, testMongo, testRedis } from '@cartwright/testkit';
import type { Connection } from 'mongoose';
import { generateSync } from 'otplib';
import type { SignedInDto } from './accounts.contracts.ts';
import type { AccountLimits } from './accounts.ports.ts';
import { createAccounts } from './accounts.ts';
import type { TwoFactorRequiredDto } from './two-factor.contracts.ts';

export const ada = { email: 'ada@shop.test', password: 'correct horse', name: 'Ada' };
export const client = { ip: '203.0.113.1', userAgent: 'test' };
export const encryptionKey = { kty: 'oct' as const, kid: 'e1', k: 'k'.repeat(43) };

/** Of sessions and mailed tokens. */
export const SECRET = 's'.repeat(32);

/** How often tests guess: as often as CARTWRIGHT_TEST_GUESSES asks for, else this often. */
export const guessCount = (otherwise: number): number => Number(process.env['CARTWRIGHT_TEST_GUESSES'] ?? otherwise);

/** What an authenticator app shows, `steps` of 30 seconds from now. */
export const codeOf = ({ clock }: { clock: () => Date }, secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(clock().getTime() / 1_000) + steps * 30 });

/** The answer to a sign-in that needs no second factor. */
export const signedIn = async (answer: Promise<SignedInDto | TwoFactorRequiredDto>): Promise<SignedInDto> => {
  const result = await answer;
  if (result.status !== 'ok') throw new Error(result.status);
  return result;
};

/** The feature on a database and a Redis of its own, with a clock that stands. */
export async function openAccounts(
  options: {
    limits?: Partial<AccountLimits>;
    merge?: () => Promise<boolean>;
    whileVerifying?: () => Promise<void>;
    /** Instead of real ones, where there are many people. */
    passwords?: PasswordHasher;
  } = {},
) {
  const db = await testMongo();
  const cache = await testRedis();
  const clock = fixedClock(new Date());
  const merged: [string, string][] = [];
  const audit = collectingAudit();
  const outbox = createOutbox({ mongo: db.mongo, redis: cache.redis });
  const logger = createSilentLogger();
  const mails = createMails({ mongo: db.mongo, queues: collectingQueues(), logger, clock });
  const issuer = { issuer: 'https://shop.test', audience: 'cartwright', ttlSeconds: 600, clock };
  const tokens = await createTokenIssuer({ ...issuer, keys: await generateSigningKeys() });
  const hasher = options.passwords ?? createPasswordHasher();

  const create = (connection: Connection, encryptionKeys: EncryptionKeySet['keys']) =>
    createAccounts({
      mongo: { connection, transaction: db.mongo.transaction },
      redis: cache.redis,
      outbox,
      tokens,
      passwords: {
        hash: hasher.hash,
        verify: async (password, hash) => {
          const fits = await hasher.verify(password, hash);
          await options.whileVerifying?.();
          return fits;
        },
      },
      carts: {
        merge: async (cartToken, userId) => {
          merged.push([cartToken, userId]);
          return options.merge ? options.merge() : true;
        },
      },
      totp: createTotp({ issuer: 'Shop' }),
      secrets: createSecretBox({ keys: { keys: encryptionKeys } }),
      mails,
      audit,
      orders: { countsOf: async () => ({ total: 3, pending: 1, paid: 1, canceled: 1 }) },
      settings: { refreshIdleSeconds: 2_592_000, refreshFamilySeconds: 7_776_000, sessionSecret: SECRET },
      countries: ['DE', 'US'],
      personalData: () => [{ name: 'orders', collect: (userId) => Promise.resolve([{ userId }]) }],
      publicUrl: 'https://api.shop.test',
      limits: options.limits ?? {},
      clock,
      logger,
    });

  const { connection } = db.mongo;
  const accounts = create(connection, [encryptionKey]);
  await db.mongo.ensureIndexes();
  await outbox.ensureIndexes();
  await mails.ensureIndexes();
  return {
    ...accounts,
    /** Another instance on the same data. */
    instance: ({ encryptionKeys = [encryptionKey] }: { encryptionKeys?: EncryptionKeySet['keys'] } = {}) =>
      create(connection.useDb(connection.name), encryptionKeys),
    db,
    cache,
    clock,
    merged,
    audit,
    [Symbol.asyncDispose]: async () => {
      await cache[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

export type OpenAccounts = Awaited<ReturnType<typeof openAccounts>>;
