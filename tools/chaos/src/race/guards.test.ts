import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { GUARDS } from './guards.ts';

const root = new URL('../../../../', import.meta.url);

describe.each(Object.entries(GUARDS))('the guard %s', (_name, { edits }) => {
  it.each(edits)('stands in $file, once', async ({ file, find }) => {
    const text = await readFile(new URL(file, root), 'utf8');
    expect(text.split(find)).toHaveLength(2);
  });
});
