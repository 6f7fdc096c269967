import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { variables } from './variables.ts';

const guide = readFileSync(new URL('../../../../docs/guides/configuration.md', import.meta.url), 'utf8');
const documented = new Set([...guide.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name ?? ''));

describe('the configuration guide', () => {
  it('names every variable that the shop reads', () => {
    expect(Object.keys(variables.shape).filter((name) => !documented.has(name))).toEqual([]);
  });
});
