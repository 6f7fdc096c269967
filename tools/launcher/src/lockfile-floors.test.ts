import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Versions below have known holes, or answer bad input in a way that the shop must not. */
const FLOORS = {
  '@trpc/server': '11.8.0',
  superjson: '2.2.2',
  mongoose: '9.9.2',
  ws: '8.21.0',
  qs: '6.16.0',
  'body-parser': '2.3.0',
  'path-to-regexp': '8.4.0',
  jose: '6.0.0',
} as const;

interface Locked {
  version: string;
  dev?: boolean;
}
const { packages } = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** Below zero when `left` is the older one. */
function compareVersions(left: string, right: string): number {
  const parts = (version: string): number[] => version.split(/[-+]/)[0]?.split('.').map(Number) ?? [];
  const [theirs, ours] = [parts(left), parts(right)];
  const index = theirs.findIndex((part, at) => part !== ours[at]);
  return index < 0 ? 0 : (theirs[index] ?? 0) - (ours[index] ?? 0);
}

it.each(Object.entries(FLOORS))('%s is locked at %s or newer, wherever it is installed', (name, floor) => {
  const installed = Object.entries(packages).filter(([path, { dev }]) => path.endsWith(`node_modules/${name}`) && !dev);
  expect(installed).not.toEqual([]);
  const old = installed.filter(([, { version }]) => compareVersions(version, floor) < 0);
  expect(old).toEqual([]);
});

it('versions are compared by number', () => {
  expect(compareVersions('8.4.2', '8.4.0')).toBeGreaterThan(0);
  expect(compareVersions('2.10.0', '2.9.9')).toBeGreaterThan(0);
  expect(compareVersions('8.3.9', '8.4.0')).toBeLessThan(0);
  expect(compareVersions('6.0.0-beta.1', '6.0.0')).toBe(0);
});
