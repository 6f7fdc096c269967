import { describe, expect, it, vi } from 'vitest';
import { addressLines } from './postal-address.ts';

const ada = { name: 'Ada Lovelace', line1: '1 Compiler Court' };

describe('addressLines', () => {
  it.each([
    [{ city: 'Portland', region: 'OR', postalCode: '97201', country: 'US' }, ['Portland, OR 97201', 'United States']],
    [{ city: 'Ottawa', region: 'ON', postalCode: 'K1A 0B1', country: 'CA' }, ['Ottawa ON K1A 0B1', 'Canada']],
    [{ city: 'London', postalCode: 'NW1 6XE', country: 'GB' }, ['London', 'NW1 6XE', 'United Kingdom']],
    [{ city: 'Berlin', postalCode: '10115', country: 'DE' }, ['10115 Berlin', 'Germany']],
    [{ city: 'Milano', region: 'MI', postalCode: '20121', country: 'IT' }, ['20121 Milano', 'MI', 'Italy']],
  ])('follows the country: %o', (place, lines) => {
    expect(addressLines({ ...ada, ...place }, 'en')).toEqual(['Ada Lovelace', '1 Compiler Court', ...lines]);
  });

  it('leaves out what was not given', () => {
    const address = { ...ada, line2: '', city: 'Portland', postalCode: '97201', country: 'US' };
    expect(addressLines(address, 'en')).toEqual([
      'Ada Lovelace',
      '1 Compiler Court',
      'Portland, 97201',
      'United States',
    ]);
    expect(addressLines({ ...address, line2: 'Floor 2' }, 'en')[2]).toBe('Floor 2');
  });

  it('names the country in the reader’s language, and by its letters where no names are known', () => {
    const address = { ...ada, city: 'Berlin', postalCode: '10115', country: 'DE' };
    expect(addressLines(address, 'de').at(-1)).toBe('Deutschland');
    vi.stubGlobal('Intl', {});
    expect(addressLines(address, 'de').at(-1)).toBe('DE');
    vi.unstubAllGlobals();
  });
});
