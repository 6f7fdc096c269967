import { describe, expect, it } from 'vitest';
import { addressLines } from './address-lines.ts';

const ada = { name: 'Ada Lovelace', line1: '1 Compiler Court' };

describe('addressLines', () => {
  it.each([
    [{ city: 'Portland', region: 'OR', postalCode: '97201', country: 'US' }, ['Portland, OR 97201', 'United States']],
    [{ city: 'Ottawa', region: 'ON', postalCode: 'K1A 0B1', country: 'CA' }, ['Ottawa ON K1A 0B1', 'Canada']],
    [{ city: 'London', postalCode: 'NW1 6XE', country: 'GB' }, ['London', 'NW1 6XE', 'United Kingdom']],
    [{ city: 'Berlin', postalCode: '10115', country: 'DE' }, ['10115 Berlin', 'Germany']],
    [{ city: 'Milano', region: 'MI', postalCode: '20121', country: 'IT' }, ['20121 Milano', 'MI', 'Italy']],
  ])('follows the country: %o', (place, lines) => {
    expect(addressLines({ ...ada, ...place })).toEqual(['Ada Lovelace', '1 Compiler Court', ...lines]);
  });

  it('leaves out what was not given', () => {
    const address = { ...ada, line2: '', city: 'Portland', postalCode: '97201', country: 'US' };
    expect(addressLines(address)).toEqual(['Ada Lovelace', '1 Compiler Court', 'Portland, 97201', 'United States']);
    expect(addressLines({ ...address, line2: 'Floor 2' })[2]).toBe('Floor 2');
  });
});
