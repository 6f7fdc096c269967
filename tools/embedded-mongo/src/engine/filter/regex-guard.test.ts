import { describe, expect, it } from 'vitest';
import { compileRegex } from './regex.ts';
import { guardedFrom } from './regex-guard.ts';

/** Milliseconds of the processor that this thread has had: a busy machine makes nothing slow by this. */
const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

const TRAP = `${'a'.repeat(40)}!`;

describe('the guard of regular expressions', () => {
  it.each(['(a+)+$', '(a|aa)*$', '((?:a)+b?)*$', '(a{1,9}){2,}$', '(.)\\1', '(?<x>a)\\k<x>', '(a?){30}'])(
    'watches %s',
    (source) => expect(guardedFrom(source)).toBe(16),
  );

  it.each(['^abc', 'a.*b', '[(+)]+x', '(abc)+', '\\(a+\\)+', '(a|b)', 'a{3}b+', '^(?:foo|bar).*'])(
    'leaves %s alone',
    (source) => {
      expect(guardedFrom(source)).toBe(Infinity);
      expect(Object.hasOwn(compileRegex(source, ''), 'exec')).toBe(false);
    },
  );

  it('ends a match that takes too long, whichever way it is asked for', () => {
    const limit = expect.objectContaining({ code: 51156 });
    const start = cpuMs();
    expect(() => compileRegex('(a+)+$', '').test(TRAP)).toThrow(limit);
    expect(() => compileRegex('(a+)+$', '').exec(TRAP)).toThrow(limit);
    expect(() => [...TRAP.matchAll(compileRegex('(a+)+$', '', '$regexFindAll', 'g'))]).toThrow(limit);
    expect(() => TRAP.split(compileRegex('(a+)+$', ''))).toThrow(limit);
    expect(() => TRAP.replaceAll(compileRegex('(a+)+$', '', '$replaceAll', 'g'), 'b')).toThrow(limit);
    expect(cpuMs() - start).toBeLessThan(4000);
  });

  it('matches as before within the limit', () => {
    const text = 'one two two three, one after the other';
    expect(compileRegex('(\\w+) \\1', '').exec(text)?.[0]).toBe('two two');
    expect([...text.matchAll(compileRegex('(\\w)\\1', '', '$regexFindAll', 'g'))].map(([found]) => found)).toEqual([
      'ee',
    ]);
    expect(text.split(compileRegex('(?: \\w+)+, ', ''))).toEqual(['one', 'one after the other']);
    expect(text.replaceAll(compileRegex('(\\w)\\1', '', '$replaceAll', 'g'), '$1')).toContain('thre,');
  });

  it('limits all slow matches of a pattern together', () => {
    const pattern = compileRegex('(a+)+$', '');
    const start = cpuMs();
    for (let i = 0; i < 40; i++) expect(() => pattern.test(TRAP)).toThrow();
    expect(cpuMs() - start).toBeLessThan(2000);
  });
});
