import { describe, expect, it } from 'vitest';
import { featureNames, NameError } from './names.ts';

describe('featureNames', () => {
  it.each([
    ['gift-cards', 'gift-card', 'GiftCards', 'GiftCard', 'giftCards'],
    ['deliveries', 'delivery', 'Deliveries', 'Delivery', 'deliveries'],
    ['boxes', 'box', 'Boxes', 'Box', 'boxes'],
    ['returns', 'return', 'Returns', 'Return', 'returns'],
  ])('spells %s', (plural, singular, Plural, Singular, pluralCamel) => {
    expect(featureNames(plural)).toEqual({ plural, singular, Plural, Singular, pluralCamel });
  });

  it('takes a given singular', () => {
    expect(featureNames('news', 'news-item')).toMatchObject({ plural: 'news', Singular: 'NewsItem' });
  });

  it.each(['GiftCards', 'gift_cards', '../cards', '', 'a--b', '1cards'])('refuses "%s"', (name) => {
    expect(() => featureNames(name)).toThrow(NameError);
  });

  it('refuses a name without a plural', () => {
    expect(() => featureNames('stock')).toThrow('plural');
  });
});
