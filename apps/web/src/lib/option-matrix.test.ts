import { describe, expect, it } from 'vitest';
import { choose, findVariant, initialSelection, valueState } from './option-matrix.ts';

const options = [
  { name: 'Colour', values: ['Oak', 'Ash', 'Black'] },
  { name: 'Size', values: ['S', 'L'] },
];
const variants = [
  { id: 'oak-s', options: { Colour: 'Oak', Size: 'S' }, available: 0 },
  { id: 'oak-l', options: { Colour: 'Oak', Size: 'L' }, available: 3 },
  { id: 'ash-s', options: { Colour: 'Ash', Size: 'S' }, available: 5 },
  { id: 'black-l', options: { Colour: 'Black', Size: 'L' }, available: 0 },
];

describe('findVariant', () => {
  it('needs every option', () => {
    expect(findVariant(options, variants, { Colour: 'Oak' })).toBeUndefined();
    expect(findVariant(options, variants, { Colour: 'Oak', Size: 'L' })?.id).toBe('oak-l');
    expect(findVariant(options, variants, { Colour: 'Ash', Size: 'L' })).toBeUndefined();
  });

  it('takes the only variant of a product without options', () => {
    expect(findVariant([], [{ id: 'one', options: {}, available: 1 }], {})?.id).toBe('one');
  });
});

describe('valueState', () => {
  it('tells what can be bought, what is sold out and what was never made', () => {
    const chosen = { Colour: 'Oak', Size: 'L' };
    expect(valueState(variants, chosen, { option: 'Size', value: 'L' })).toBe('available');
    expect(valueState(variants, chosen, { option: 'Size', value: 'S' })).toBe('sold_out');
    expect(valueState(variants, chosen, { option: 'Colour', value: 'Ash' })).toBe('missing');
    expect(valueState(variants, chosen, { option: 'Colour', value: 'Black' })).toBe('sold_out');
  });

  it('looks at the other options only', () => {
    expect(valueState(variants, { Colour: 'Black' }, { option: 'Colour', value: 'Ash' })).toBe('available');
    expect(valueState(variants, {}, { option: 'Size', value: 'S' })).toBe('available');
  });
});

describe('choose', () => {
  it('keeps the other options where they go together', () => {
    expect(choose(variants, { Colour: 'Black', Size: 'L' }, { option: 'Colour', value: 'Oak' })).toEqual({
      Colour: 'Oak',
      Size: 'L',
    });
  });

  it('moves them to something in stock where they do not', () => {
    expect(choose(variants, { Colour: 'Ash', Size: 'S' }, { option: 'Size', value: 'L' })).toEqual({
      Colour: 'Oak',
      Size: 'L',
    });
  });
});

describe('initialSelection', () => {
  it('starts in stock, or anywhere, or nowhere', () => {
    expect(initialSelection(variants)).toEqual({ Colour: 'Oak', Size: 'L' });
    expect(initialSelection([variants[3]!])).toEqual({ Colour: 'Black', Size: 'L' });
    expect(initialSelection([])).toEqual({});
  });
});
