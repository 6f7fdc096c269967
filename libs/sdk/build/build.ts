/** Builds the published package into `dist/package`: ESM and CJS, self-contained declarations, its own package.json. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsdown';
import { generateRouterTypes } from './router-types.ts';

const sdk = fileURLToPath(new URL('..', import.meta.url));
const root = join(sdk, '../..');
const generated = join(sdk, 'dist/generated/app-router.d.ts');
const out = join(sdk, 'dist/package');
const PUBLIC_DEPENDENCIES = ['@trpc/client', '@trpc/server', 'superjson'];
const OPTIONAL_PEERS = ['@tanstack/react-query', '@trpc/tanstack-react-query'];

rmSync(join(sdk, 'dist'), { recursive: true, force: true });
mkdirSync(join(sdk, 'dist/generated'), { recursive: true });
writeFileSync(generated, generateRouterTypes(join(root, 'libs/app-router/src/index.ts'), join(root, 'tsconfig.json')));

await build({
  config: false,
  cwd: sdk,
  entry: {
    index: 'src/index.ts',
    'order-states': 'src/order-states.ts',
    pricing: 'src/pricing.ts',
    react: 'src/react/index.ts',
  },
  outDir: join(out, 'dist'),
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  dts: { resolver: 'tsc', eager: true },
  tsconfig: join(sdk, 'tsconfig.build.json'),
  alias: { '@cartwright/app-router': generated },
  deps: {
    alwaysBundle: [/^@cartwright\//],
    neverBundle: [...PUBLIC_DEPENDENCIES, ...OPTIONAL_PEERS, /^@trpc\//],
  },
  logLevel: 'warn',
});

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
const versions = { ...manifestOf(root).devDependencies, ...manifestOf(root).dependencies };
const caret = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `^${versions[name] ?? ''}`]));
const entry = (name: string) => ({
  import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
});

writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify(
    {
      name: '@cartwright/sdk',
      version: manifestOf(sdk).version,
      description: 'Typed client of a Cartwright shop, for browsers, Node and React Native.',
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      main: './dist/index.cjs',
      module: './dist/index.js',
      types: './dist/index.d.cts',
      exports: {
        '.': entry('index'),
        './order-states': entry('order-states'),
        './pricing': entry('pricing'),
        './react': entry('react'),
        './package.json': './package.json',
      },
      files: ['dist'],
      dependencies: caret(PUBLIC_DEPENDENCIES),
      peerDependencies: caret(OPTIONAL_PEERS),
      peerDependenciesMeta: Object.fromEntries(OPTIONAL_PEERS.map((name) => [name, { optional: true }])),
    },
    null,
    2,
  )}\n`,
);
cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
cpSync(join(sdk, 'README.md'), join(out, 'README.md'));
