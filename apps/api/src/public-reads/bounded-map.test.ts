import { describe, expect, it } from 'vitest';
import { createBoundedMap } from './bounded-map.ts';

describe('a bounded map', () => {
  it('never holds more than it may, and keeps what is read', () => {
    const map = createBoundedMap<{ is: string }>({ maxBytes: 1_000 });
    map.set('read', { is: 'read' }, 100);
    for (let at = 0; at < 500; at += 1) {
      expect(map.get('read')).toEqual({ is: 'read' });
      map.set(`once-${at}`, { is: 'once' }, 100);
      expect(map.size().bytes).toBeLessThanOrEqual(1_000);
    }
    expect(map.get('once-0')).toBeUndefined();
    expect(map.get('once-499')).toEqual({ is: 'once' });
  });

  it('ends, whatever was read', () => {
    const map = createBoundedMap<{ is: string }>({ maxBytes: 800 });
    for (let at = 0; at < 100; at += 1) {
      map.set(`k${at}`, { is: 'v' }, 100);
      map.get(`k${at}`);
    }
    expect(map.size()).toEqual({ entries: 8, bytes: 800 });
  });

  it('tells what had to go, and refuses what would drive out too much', () => {
    const map = createBoundedMap<{ is: string }>({ maxBytes: 800 });
    expect(map.set('a', { is: 'first' }, 100)).toEqual([]);
    expect(map.set('a', { is: 'second' }, 100)).toEqual([{ is: 'first' }]);
    expect(map.set('huge', { is: 'huge' }, 101)).toEqual([]);
    expect(map.get('huge')).toBeUndefined();
    expect(map.remove('a')).toEqual({ is: 'second' });
    expect(map.size()).toEqual({ entries: 0, bytes: 0 });
  });
});
