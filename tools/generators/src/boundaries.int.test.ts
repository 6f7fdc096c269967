import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..');
const BOUNDARY = '@nx/enforce-module-boundaries';
let eslint: ESLint;

beforeAll(async () => {
  eslint = new ESLint({ cwd: root });
  await eslint.calculateConfigForFile(path.join(root, 'libs/domain/money/src/index.ts'));
}, 60_000);

/** Lints a text as if it stood in that file; answers with the rules it breaks. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: path.join(root, file) });
  const rules = (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
  return [...new Set(rules)].filter((rule) => rule !== '@typescript-eslint/no-unused-vars');
}

const uses = (name: string) => `import { thing } from '${name}';\nexport const used = thing;\n`;

/** File, what it imports, and the rule that must refuse it. */
const REFUSED: [string, string, string][] = [
  ['libs/domain/money/src/probe.ts', '@cartwright/platform-mongo', BOUNDARY],
  ['libs/domain/money/src/probe.ts', 'zod', BOUNDARY],
  ['libs/domain/money/src/probe.ts', 'node:fs', 'no-restricted-imports'],
  ['libs/domain/money/src/probe.ts', 'node:crypto', 'no-restricted-imports'],
  ['libs/platform/mongo/src/probe.ts', '@cartwright/feature-orders', BOUNDARY],
  ['libs/platform/mongo/src/probe.ts', '@cartwright/api-core', BOUNDARY],
  ['libs/platform/mongo/src/probe.ts', 'ioredis', BOUNDARY],
  ['libs/platform/redis/src/probe.ts', 'mongoose', BOUNDARY],
  ['libs/platform/queue/src/probe.ts', 'jose', BOUNDARY],
  ['libs/platform/redis/src/probe.ts', 'rate-limiter-flexible', BOUNDARY],
  ['libs/platform/mail/src/probe.ts', 'stripe', BOUNDARY],
  ['libs/platform/mail/src/probe.ts', '@trpc/server', BOUNDARY],
  ['libs/api-core/src/probe.ts', '@cartwright/feature-orders', BOUNDARY],
  ['libs/api-core/src/probe.ts', 'express', BOUNDARY],
  ['libs/features/orders/src/order-service.ts', '@cartwright/feature-payments', BOUNDARY],
  ['libs/features/cart/src/cart-service.ts', '@cartwright/feature-orders', BOUNDARY],
  ['libs/features/catalog/src/catalog-service.ts', '@cartwright/feature-inventory', BOUNDARY],
  ['libs/features/search/src/search-service.ts', '@cartwright/feature-analytics', BOUNDARY],
  ['libs/features/orders/src/order-service.ts', '@cartwright/app-router', BOUNDARY],
  ['libs/features/orders/src/order-service.ts', '@cartwright/composition', BOUNDARY],
  ['libs/features/orders/src/order-service.ts', '@cartwright/tool-mailbox', BOUNDARY],
  ['libs/features/orders/src/order-service.ts', 'mongoose', 'no-restricted-imports'],
  ['libs/features/orders/src/order-service.ts', '@trpc/server', 'no-restricted-imports'],
  ['libs/features/orders/src/order-repository.ts', '@trpc/server', 'no-restricted-imports'],
  ['libs/features/orders/src/orders.router.ts', 'mongoose', 'no-restricted-imports'],
  ['libs/features/orders/src/order-service.ts', 'ioredis', BOUNDARY],
  ['libs/features/orders/src/order-service.ts', 'bullmq', BOUNDARY],
  ['libs/features/payments/src/payment-service.ts', 'stripe', BOUNDARY],
  ['libs/features/accounts/src/account-service.ts', '@node-rs/argon2', BOUNDARY],
  ['libs/features/accounts/src/account-service.ts', 'jose', BOUNDARY],
  ['libs/features/orders/src/order-service.ts', '@cartwright/testkit', 'no-restricted-imports'],
  ['libs/features/orders/src/order-service.ts', '@cartwright/domain-money/src/money.ts', 'no-restricted-imports'],
  ['libs/features/orders/src/order-service.ts', '../../../domain/money/src/index.ts', BOUNDARY],
  ['libs/app-router/src/probe.ts', '@cartwright/platform-mongo', BOUNDARY],
  ['libs/app-router/src/probe.ts', 'express', BOUNDARY],
  ['libs/composition/src/probe.ts', '@cartwright/tool-embedded-mongo', BOUNDARY],
  ['libs/composition/src/probe.ts', '@cartwright/sdk', BOUNDARY],
  ['libs/composition/src/probe.ts', 'jose', BOUNDARY],
  ['libs/composition/src/probe.ts', 'stripe', BOUNDARY],
  ['apps/api/src/probe.ts', '@cartwright/feature-orders', BOUNDARY],
  ['apps/api/src/probe.ts', '@cartwright/testkit', BOUNDARY],
  ['apps/worker/src/probe.ts', '@cartwright/tool-stripe-standin', BOUNDARY],
  ['libs/sdk/src/probe.ts', '@cartwright/platform-redis', BOUNDARY],
  ['libs/sdk/src/probe.ts', '@cartwright/api-core', BOUNDARY],
  ['libs/sdk/src/probe.ts', 'mongoose', BOUNDARY],
  ['libs/sdk/src/probe.ts', '@cartwright/app-router', '@typescript-eslint/no-restricted-imports'],
  ['apps/web/src/probe.tsx', '@cartwright/domain-money', BOUNDARY],
  ['apps/web/src/probe.tsx', '@cartwright/app-router', BOUNDARY],
  ['libs/testkit/src/probe.ts', '@cartwright/feature-orders', BOUNDARY],
  ['libs/testapp/src/probe.ts', '@cartwright/feature-orders', BOUNDARY],
  ['tools/mailbox/src/probe.ts', '@cartwright/platform-mail', BOUNDARY],
  ['tools/mailbox/src/probe.ts', '@cartwright/domain-errors', BOUNDARY],
  ['tools/bench/src/probe.ts', '@cartwright/feature-orders', BOUNDARY],
];

const ALLOWED: [string, string][] = [
  ['libs/domain/pricing/src/probe.ts', '@cartwright/domain-money'],
  ['libs/domain/money/src/probe.test.ts', 'fast-check'],
  ['libs/platform/mongo/src/probe.ts', 'mongoose'],
  ['libs/platform/mongo/src/probe.ts', '@cartwright/domain-errors'],
  ['libs/platform/mongo/src/probe.int.test.ts', '@cartwright/testkit'],
  ['libs/platform/security/src/probe.ts', 'jose'],
  ['libs/platform/stripe/src/probe.ts', 'stripe'],
  ['libs/api-core/src/probe.ts', '@trpc/server'],
  ['libs/features/orders/src/order-service.ts', '@cartwright/feature-cart'],
  ['libs/features/orders/src/order-service.ts', '@cartwright/platform-outbox'],
  ['libs/features/orders/src/order.model.ts', 'mongoose'],
  ['libs/features/orders/src/order-repository.ts', 'mongoose'],
  ['libs/features/orders/src/orders.router.ts', '@trpc/server'],
  ['libs/features/orders/src/order-service.int.test.ts', '@cartwright/testkit'],
  ['libs/app-router/src/probe.ts', '@cartwright/feature-orders'],
  ['libs/composition/src/probe.ts', '@cartwright/feature-payments'],
  ['apps/api/src/probe.ts', '@cartwright/composition'],
  ['apps/api/e2e/probe.e2e.test.ts', '@cartwright/testapp'],
  ['apps/api/src/probe.ts', 'express'],
  ['apps/web/src/probe.tsx', '@cartwright/sdk'],
  ['tools/seed/src/probe.ts', '@cartwright/composition'],
  ['tools/mailbox/src/probe.ts', 'smtp-server'],
];

describe('module boundaries', () => {
  it.each(REFUSED)('%s may not import %s', async (file, name, rule) => {
    expect(await broken(file, uses(name))).toContain(rule);
  });

  it.each(ALLOWED)('%s may import %s', async (file, name) => {
    expect(await broken(file, uses(name))).toEqual([]);
  });

  it('lets the SDK use the types of the router', async () => {
    const code = "import type { AppRouter } from '@cartwright/app-router';\nexport type Router = AppRouter;\n";
    expect(await broken('libs/sdk/src/probe.ts', code)).toEqual([]);
  });
});

describe('rules on the text', () => {
  it.each([
    ['libs/domain/orders/src/probe.ts', 'export const now = () => Date.now();'],
    ['libs/domain/orders/src/probe.ts', 'export const now = () => new Date();'],
    ['libs/domain/orders/src/probe.ts', 'export const dice = () => Math.random();'],
    ['libs/features/orders/src/order-service.ts', "export const mode = () => process.env['NODE_ENV'];"],
    ['libs/features/orders/src/order-service.ts', 'export default function createOrderService() {}'],
  ])('%s may not say: %s', async (file, code) => {
    expect(await broken(file, `${code}\n`)).toEqual(['no-restricted-syntax']);
  });

  it.each([
    [
      'libs/domain/orders/src/probe.ts',
      'export const sum = (values: any) => values;',
      '@typescript-eslint/no-explicit-any',
    ],
    ['libs/domain/orders/src/probe.ts', 'export const id = () => crypto.randomUUID();', 'no-restricted-globals'],
    ['libs/features/orders/src/probe.ts', '// @ts-ignore\nexport const a = 1;', '@typescript-eslint/ban-ts-comment'],
    ['libs/features/orders/src/probe.ts', "console.log('hello');", 'no-console'],
  ])('%s may not say: %s', async (file, code, rule) => {
    expect(await broken(file, `${code}\n`)).toContain(rule);
  });

  it('allows the environment in platform/config and in the hosts’ main files', async () => {
    const code = "export const mode = () => process.env['NODE_ENV'];\n";
    expect(await broken('libs/platform/config/src/config.ts', code)).toEqual([]);
    expect(await broken('apps/api/src/main.ts', code)).toEqual([]);
  });
});
