import { describe, expect, it } from 'vitest';
import { formatTable, readyMessage, withoutPassword } from './report.ts';

describe('formatTable', () => {
  it('aligns columns and leaves no trailing space', () => {
    expect(
      formatTable([
        ['a', 'long cell', 'x'],
        ['bbb', 'b', ''],
      ]),
    ).toBe('  a    long cell  x\n  bbb  b');
  });
});

describe('withoutPassword', () => {
  it('hides it wherever it stands', () => {
    expect(withoutPassword('mongodb+srv://user:p%40ss@host/db')).toBe('mongodb+srv://user:•••@host/db');
    expect(withoutPassword('redis://:secret@host:6379')).toBe('redis://:•••@host:6379');
    expect(withoutPassword('redis://host:6379')).toBe('redis://host:6379');
  });
});

describe('readyMessage', () => {
  const facts = {
    readyMs: 6234,
    webUrl: 'http://127.0.0.1:4200',
    apiUrl: 'http://127.0.0.1:3000',
    stripeUrl: 'http://127.0.0.1:4242',
    filesUrl: 'http://127.0.0.1:9000',
    mailboxUrl: 'http://127.0.0.1:8025',
    mongo: 'mongodb://x',
    redis: 'redis://x',
    dataDir: '/data',
    demo: true,
  };

  it('names every address, both demo accounts and what to try', () => {
    const text = readyMessage(facts);
    for (const part of [
      '6.2 s',
      facts.webUrl,
      `${facts.webUrl}/admin`,
      `${facts.apiUrl}/trpc`,
      facts.stripeUrl,
      facts.filesUrl,
    ]) {
      expect(text).toContain(part);
    }
    for (const part of ['customer@cartwright.test', 'admin@cartwright.test', 'cartwright-demo', '1. Open']) {
      expect(text).toContain(part);
    }
  });

  it('promises no demo account and no local page that is not there', () => {
    const text = readyMessage({
      ...facts,
      demo: false,
      stripeUrl: undefined,
      filesUrl: undefined,
      mailboxUrl: undefined,
    });
    expect(text).not.toContain('cartwright-demo');
    expect(text).not.toMatch(/4242|9000/);
  });
});
