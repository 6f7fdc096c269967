import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything of one checkout and one data folder lies. */
export type Paths = ReturnType<typeof createPaths>;

/** @param root the checkout @param dataDir absolute path of the data folder */
export function createPaths({ root, dataDir }: { root: string; dataDir: string }) {
  const data = (...parts: string[]) => path.join(dataDir, ...parts);
  const checkout = (...parts: string[]) => path.join(root, ...parts);
  return {
    root,
    dataDir,
    data,
    checkout,
    marker: data('cartwright-data.json'),
    lock: data('launcher.lock'),
    state: data('state.json'),
    secrets: data('secrets.json'),
    seeded: data('seeded.json'),
    lastPorts: data('ports.json'),
    log: (name: string) => data('logs', `${name}.log`),
    cache: checkout('node_modules', '.cache', 'cartwright'),
    webDist: checkout('apps', 'web', 'dist'),
    entry: {
      embeddedMongo: checkout('tools', 'embedded-mongo', 'src', 'cli.ts'),
      stripe: checkout('tools', 'stripe-standin', 'src', 'cli.ts'),
      s3: checkout('tools', 's3-standin', 'src', 'cli.ts'),
      mailbox: checkout('tools', 'mailbox', 'src', 'cli.ts'),
      seed: checkout('tools', 'seed', 'src', 'cli.ts'),
      createAdmin: checkout('tools', 'launcher', 'src', 'create-admin-cli.ts'),
      bench: checkout('tools', 'bench', 'src', 'cli.ts'),
      chaos: checkout('tools', 'chaos', 'src', 'cli.ts'),
      race: checkout('tools', 'chaos', 'src', 'race-cli.ts'),
      soak: checkout('tools', 'chaos', 'src', 'soak-cli.ts'),
      api: checkout('apps', 'api', 'src', 'main.ts'),
      worker: checkout('apps', 'worker', 'src', 'main.ts'),
      web: checkout('apps', 'web', 'server', 'main.ts'),
      vite: checkout('node_modules', 'vite', 'bin', 'vite.js'),
      vitest: checkout('node_modules', 'vitest', 'vitest.mjs'),
      guard: fileURLToPath(new URL('./guard.mjs', import.meta.url)),
    },
  };
}
