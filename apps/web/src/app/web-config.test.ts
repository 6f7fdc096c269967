import { describe, expect, it } from 'vitest';
import { mediaUrl } from '../lib/media-url.ts';
import { readWebConfig } from './web-config.ts';

describe('readWebConfig', () => {
  it('takes an empty address as the page’s own origin', () => {
    expect(readWebConfig({ apiUrl: '' }, 'https://shop.test')).toEqual({
      apiUrl: 'https://shop.test',
      demoAccounts: false,
    });
  });

  it('refuses answers that are none', () => {
    expect(() => readWebConfig('<!doctype html>', 'https://shop.test')).toThrow(/apiUrl/);
    expect(() => readWebConfig({ apiUrl: 7 }, 'https://shop.test')).toThrow(/apiUrl/);
  });
});

describe('mediaUrl', () => {
  it('prefixes keys and paths with the API, and leaves full addresses alone', () => {
    expect(mediaUrl('https://api.test', 'oak-chair')).toBe('https://api.test/media/oak-chair.svg');
    expect(mediaUrl('https://api.test', 'oak-chair.svg')).toBe('https://api.test/media/oak-chair.svg');
    expect(mediaUrl('https://api.test', '/media/oak.svg')).toBe('https://api.test/media/oak.svg');
    expect(mediaUrl('https://api.test', 'https://cdn.test/oak.webp')).toBe('https://cdn.test/oak.webp');
  });
});
