import { readdirSync } from 'node:fs';
import path from 'node:path';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { depConstraints, TEST_FILES, unknownProjects } from './tools/generators/src/boundaries.mjs';

const root = import.meta.dirname;

// The rule on module boundaries reads the graph of projects from a cache and checks nothing when there is none; so the
// graph is made here, from the sources as they are.
process.env.NX_DAEMON = 'false';
process.env.NX_TUI = 'false';
const { createProjectGraphAsync } = await import('@nx/devkit');
await createProjectGraphAsync({ exitOnError: false, resetDaemonClient: true });

const folders = (folder) =>
  readdirSync(path.join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const unknown = unknownProjects({
  features: folders('libs/features').map(({ name }) => name),
  platforms: folders('libs/platform').map(({ name }) => name),
});
if (unknown.length > 0) throw new Error(`Module boundaries: ${unknown.join('; ')}.`);

const boundaries = (options) => [
  'error',
  {
    allow: [],
    enforceBuildableLibDependency: false,
    checkDynamicDependenciesExceptions: ['.*'],
    // Tests make these circles: a library is tested with the test kit, which is built on libraries.
    ignoredCircularDependencies: [
      ['@cartwright/testkit', '*'],
      ['@cartwright/testapp', '*'],
    ],
    depConstraints: depConstraints(options),
  },
];

const NO_DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name; default exports lose their name on the way.',
};
const FEW_PARAMETERS = {
  selector: 'ExportNamedDeclaration > FunctionDeclaration[params.length>3]',
  message: 'What others call takes at most three parameters, then an object.',
};
const NO_ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in platform/config alone and pass values on.',
};
const NO_CLOCK = [
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'The domain has no clock: take `now` as an argument.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'The domain has no clock: take `now` as an argument.',
  },
  { selector: "CallExpression[callee.name='Date']", message: 'The domain has no clock: take `now` as an argument.' },
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'The domain has no randomness: take ids and random bytes as arguments.',
  },
];
const IMPURE_GLOBALS = [
  'process',
  'crypto',
  'performance',
  'setTimeout',
  'setInterval',
  'fetch',
  'console',
  'Buffer',
  'require',
];

const TEST_KIT = { name: '@cartwright/testkit', message: 'The test kit is for tests.' };
const MONGOOSE = { name: 'mongoose', message: 'mongoose belongs into *.model.ts and *-repository.ts.' };
const TRPC = { name: '@trpc/server', message: 'tRPC belongs into *.router.ts; services know nothing of it.' };
const NODE_BUILTINS = { regex: '^node:', message: 'The domain is pure: no Node built-ins.' };
const DEEP = {
  regex: '^@cartwright/(?!sdk/(?:order-states|pricing|react)$)[^/]+/',
  message: 'Import a project by its name; what it offers stands in its index.ts.',
};

const restrictedImports = (paths = [], patterns = []) => ['error', { paths, patterns: [DEEP, ...patterns] }];

export default tseslint.config(
  {
    ignores: [
      '**/node_modules',
      '**/dist',
      '**/.nx',
      '.cartwright*',
      '**/coverage',
      '**/test-results',
      'tools/seed/data',
      'docker/**/*.js',
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.base],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { minimumDescriptionLength: 10, 'ts-expect-error': 'allow-with-description' },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-namespace': 'error',
      '@typescript-eslint/no-require-imports': 'error',
      '@typescript-eslint/no-unused-expressions': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-useless-constructor': 'error',
      '@typescript-eslint/prefer-as-const': 'error',
    },
  },
  {
    files: ['**/*.{ts,tsx,mts,mjs}'],
    plugins: { '@nx': nx },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-debugger': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-promise-executor-return': 'off',
      'no-template-curly-in-string': 'error',
      'no-unreachable-loop': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT, NO_ENVIRONMENT, FEW_PARAMETERS],
      'no-restricted-imports': restrictedImports([TEST_KIT]),
      '@nx/enforce-module-boundaries': boundaries(),
    },
  },
  {
    name: 'domain is pure',
    files: ['libs/domain/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT, NO_ENVIRONMENT, FEW_PARAMETERS, ...NO_CLOCK],
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-imports': restrictedImports([TEST_KIT], [NODE_BUILTINS]),
    },
  },
  {
    name: 'features: what stands where',
    files: ['libs/features/**/*.ts'],
    rules: { 'no-restricted-imports': restrictedImports([TEST_KIT, MONGOOSE, TRPC]) },
  },
  {
    files: ['libs/features/**/*.model.ts', 'libs/features/**/*-repository.ts'],
    rules: { 'no-restricted-imports': restrictedImports([TEST_KIT, TRPC]) },
  },
  {
    files: ['libs/features/**/*.router.ts', 'libs/features/**/*-router.ts'],
    rules: { 'no-restricted-imports': restrictedImports([TEST_KIT, MONGOOSE]) },
  },
  {
    name: 'the SDK knows of the server its types only',
    files: ['libs/sdk/src/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: '@cartwright/app-router', message: 'Use `import type`.', allowTypeImports: true },
            { name: '@trpc/server', message: 'Use `import type`.', allowTypeImports: true },
          ],
        },
      ],
    },
  },
  {
    name: 'where the environment may be read',
    files: [
      'libs/platform/config/**',
      'apps/*/src/main.ts',
      'apps/web/server/main.ts',
      'tools/**',
      'libs/testkit/**',
      'libs/testapp/**',
      '*.config.*',
    ],
    rules: { 'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT] },
  },
  {
    name: 'tools talk to a terminal and may be terser than what ships',
    files: ['tools/**', 'docker/**', 'apps/*/src/main.{ts,tsx}', 'apps/web/server/main.ts'],
    rules: { 'no-console': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    name: 'the test kit and what is built on it',
    files: ['libs/testkit/**', 'libs/testapp/**', 'tools/**'],
    rules: { 'no-restricted-imports': restrictedImports() },
  },
  {
    name: 'how the SDK is bundled',
    files: ['libs/sdk/build/**', 'libs/sdk/*.config.*'],
    rules: { '@nx/enforce-module-boundaries': boundaries({ tests: true }), 'no-console': 'off' },
  },
  {
    name: 'tests',
    files: TEST_FILES,
    rules: {
      'no-console': 'off',
      'no-template-curly-in-string': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': ['error', NO_DEFAULT_EXPORT],
      'no-restricted-imports': restrictedImports(),
      'no-restricted-globals': 'off',
      '@typescript-eslint/no-restricted-imports': 'off',
      '@nx/enforce-module-boundaries': boundaries({ tests: true }),
    },
  },
  {
    name: 'config files export by default, as their tools want it',
    files: ['**/*.config.{ts,mts,mjs}', 'tools/launcher/src/totals-reporter.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
