import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateFeature } from './generate-feature.ts';

const checkout = path.resolve(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..');
const ORDER = 'tools/generators/src/feature-order.json';
let root: string;

/** A checkout of its own: the packages of the real one by links, and the few files the generator reads and changes. */
beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'generate-')));
  const link = (folder: string) => {
    mkdirSync(path.join(root, folder), { recursive: true });
    for (const name of readdirSync(path.join(checkout, folder))) {
      if (folder === 'node_modules' && (name === '@cartwright' || name === '.cache')) continue;
      symlinkSync(realpathSync(path.join(checkout, folder, name)), path.join(root, folder, name));
    }
  };
  link('node_modules');
  link('node_modules/@cartwright');
  for (const file of ['package.json', '.prettierrc.json', 'tsconfig.base.json', ORDER]) {
    cpSync(path.join(checkout, file), path.join(root, file));
  }
  writeFileSync(
    path.join(root, 'vitest.config.mjs'),
    "export default { test: { include: ['libs/**/*.test.ts'], pool: 'forks', testTimeout: 30000, hookTimeout: 30000 } };\n",
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(script: string, args: readonly string[]) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) if (name.startsWith('VITEST')) delete env[name];
  const result = spawnSync(process.execPath, [path.join(checkout, script), ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  return { code: result.status, output: result.stdout + result.stderr };
}

describe('generateFeature', () => {
  it('makes a feature that type checks and whose tests pass', { timeout: 120_000 }, async () => {
    const { files, nextSteps } = await generateFeature({ root, name: 'gift-cards', after: 'orders' });
    expect(files).toContain('libs/features/gift-cards/src/gift-cards.contracts.ts');
    expect(nextSteps.length).toBeGreaterThan(3);

    const types = run('node_modules/typescript-native/bin/tsc', [
      '-p',
      path.join(root, 'libs/features/gift-cards/tsconfig.json'),
      '--noEmit',
    ]);
    expect(types.output.split('\n').filter((line) => line.startsWith('libs/'))).toEqual([]);

    const format = run('node_modules/prettier/bin/prettier.cjs', ['--check', 'libs/features/gift-cards']);
    expect(format.code, format.output).toBe(0);

    const tests = run('node_modules/vitest/vitest.mjs', ['run', '--root', root]);
    expect(tests.code, tests.output).toBe(0);
  });

  it('gives it its tags and its place in the order of features', () => {
    const { nx } = JSON.parse(readFileSync(path.join(root, 'libs/features/gift-cards/package.json'), 'utf8'));
    expect(nx.tags).toEqual(['type:feature', 'scope:gift-cards']);
    const order = JSON.parse(readFileSync(path.join(root, ORDER), 'utf8'));
    expect(order.indexOf('gift-cards')).toBe(order.indexOf('orders') + 1);
  });

  it('writes nothing for a name that exists, an unknown place or a bad name', async () => {
    const before = readdirSync(path.join(root, 'libs/features'));
    await expect(generateFeature({ root, name: 'gift-cards' })).rejects.toThrow('exists already');
    await expect(generateFeature({ root, name: 'returns', after: 'nothing' })).rejects.toThrow('no feature "nothing"');
    await expect(generateFeature({ root, name: '../returns' })).rejects.toThrow('no feature name');
    expect(readdirSync(path.join(root, 'libs/features'))).toEqual(before);
  });
});
