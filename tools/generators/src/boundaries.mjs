/**
 * Who may import whom: the table of the architecture as data, and its translation into the constraints of Nx. Tags stand
 * in each project's package.json: `type:` says which row applies, `scope:` which feature or outside system it is.
 */
import { readFileSync } from 'node:fs';

/** The features in order; each may import those before it. The generator adds to this list. */
export const featureOrder = JSON.parse(readFileSync(new URL('./feature-order.json', import.meta.url), 'utf8'));

/** Names a package and everything below it: `stripe` and `stripe/lib/x`. */
const withSubpaths = (names) => names.flatMap((name) => [name, `${name}/**`]);

/** Packages that one outside system's library owns; nobody else that ships may import them. */
const OWNED = {
  security: ['jose', 'otplib', 'qrcode', '@node-rs/argon2', 'rate-limiter-flexible'],
  stripe: ['stripe'],
};

/** What each library under platform may take from outside: the driver of its system and little else. */
const PLATFORM_DRIVERS = {
  config: ['zod'],
  logger: ['pino'],
  mongo: ['mongoose', 'zod'],
  redis: ['ioredis'],
  queue: ['bullmq', 'ioredis', 'zod'],
  outbox: ['mongoose', 'ioredis', 'zod'],
  idempotency: ['mongoose', 'ioredis'],
  streams: ['ioredis', 'zod'],
  stripe: ['stripe', 'zod'],
  s3: ['@aws-sdk/*'],
  mail: ['nodemailer', 'zod'],
  security: ['jose', 'otplib', 'qrcode', '@node-rs/argon2', 'rate-limiter-flexible', 'ioredis'],
  images: ['sharp'],
  documents: ['pdfkit', 'dejavu-fonts-ttf', 'csv-parse', 'csv-stringify'],
  exports: ['mongoose', 'zod'],
  telemetry: ['prom-client', '@opentelemetry/*'],
};

const TRPC_SERVER = ['@trpc/server'];

/** One row per type: which types it may import, which packages (`external`), or which packages it may not (`banned`). */
const TYPES = {
  domain: { imports: ['domain'], external: [] },
  platform: { imports: ['platform', 'domain'] },
  'api-core': { imports: ['domain', 'platform'], external: [...TRPC_SERVER, 'superjson', 'zod'] },
  // mongoose is narrowed further, to models and repositories, by a rule on files.
  feature: { imports: ['domain', 'platform', 'api-core', 'feature'], external: ['zod', 'mongoose', ...TRPC_SERVER] },
  // zod: for the contracts of `system`, the one router that belongs to no feature.
  'app-router': { imports: ['feature', 'api-core'], external: [...TRPC_SERVER, 'zod'] },
  composition: { imports: ['feature', 'platform', 'app-router', 'api-core', 'domain'], banned: owned() },
  host: { imports: ['composition', 'app-router', 'platform', 'api-core'], banned: owned() },
  sdk: {
    imports: ['app-router', 'domain'],
    external: [
      '@trpc/client',
      ...TRPC_SERVER,
      'superjson',
      'zod',
      'react',
      '@tanstack/react-query',
      '@trpc/tanstack-react-query',
    ],
  },
  web: { imports: ['sdk'], banned: [...owned(), 'mongoose', 'ioredis', 'bullmq', ...TRPC_SERVER] },
  testkit: { imports: ['testkit', 'domain', 'platform', 'tool', 'stand-in'] },
  testapp: { imports: ['testapp', 'composition', 'testkit', 'sdk', 'stand-in'], scopes: ['config-platform'] },
  tool: {
    imports: ['composition', 'testapp', 'testkit', 'sdk', 'tool', 'stand-in', 'domain'],
    scopes: ['config-platform'],
  },
  'stand-in': { imports: [] },
};

/** What tests may import beside what their project may. */
const IN_TESTS = {
  any: ['testkit'],
  // Tests of a feature build the features it stands on as real ones.
  host: ['testapp', 'testkit', 'sdk', 'composition', 'tool', 'stand-in', 'domain', 'feature'],
  sdk: ['testapp', 'testkit', 'composition', 'host'],
  web: ['testapp', 'testkit', 'sdk', 'composition', 'host', 'stand-in', 'tool'],
  composition: ['testkit', 'stand-in', 'sdk', 'testapp'],
  testapp: ['domain'],
  testkit: [],
  platform: ['testkit', 'stand-in'],
  domain: [],
  tool: ['platform', 'host'],
  'stand-in': [],
};

function owned() {
  return withSubpaths([...OWNED.security, ...OWNED.stripe]);
}

const tag = (kind) => (name) => `${kind}:${name}`;

/**
 * The constraints for @nx/enforce-module-boundaries.
 * @param {{ tests?: boolean }} [options] for test files: also testkit and test runners, and any package from outside
 */
export function depConstraints({ tests = false } = {}) {
  const constraints = [];
  for (const [type, row] of Object.entries(TYPES)) {
    const extra = tests ? (IN_TESTS[type] ?? IN_TESTS.any) : [];
    const constraint = {
      sourceTag: `type:${type}`,
      onlyDependOnLibsWithTags: [...row.imports, ...extra]
        .map(tag('type'))
        .concat((row.scopes ?? []).map(tag('scope'))),
    };
    if (!tests && row.external) constraint.allowedExternalImports = withSubpaths(row.external);
    if (!tests && row.banned) constraint.bannedExternalImports = row.banned;
    constraints.push(constraint);
  }
  if (!tests) {
    for (const [system, drivers] of Object.entries(PLATFORM_DRIVERS)) {
      constraints.push({ sourceTag: `scope:${system}-platform`, allowedExternalImports: withSubpaths(drivers) });
    }
  }
  featureOrder.forEach((feature, index) => {
    const upstream = featureOrder.slice(0, index).map(tag('scope'));
    constraints.push({
      sourceTag: `scope:${feature}`,
      onlyDependOnLibsWithTags: [
        ...['type:domain', 'type:platform', 'type:api-core', ...(tests ? ['type:testkit'] : [])],
        ...upstream,
      ],
    });
  });
  return constraints;
}

/** Test files: beside the sources, and whole-application tests in their own folders. */
export const TEST_FILES = ['**/*.test.{ts,tsx,mjs}', '**/*.fixture.ts', '**/e2e/**/*.{ts,tsx}', '**/vitest.config.ts'];

/**
 * @param {string[]} folders names of the folders under libs/features and libs/platform
 * @returns {string[]} what the lists above do not know yet
 */
export function unknownProjects({ features, platforms }) {
  return [
    ...features
      .filter((name) => !featureOrder.includes(name))
      .map((name) => `libs/features/${name} is missing in feature-order.json`),
    ...platforms
      .filter((name) => !(name in PLATFORM_DRIVERS))
      .map((name) => `libs/platform/${name} is missing in boundaries.mjs`),
  ];
}
