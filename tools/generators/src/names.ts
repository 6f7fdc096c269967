/** The spellings of one feature's name. */
export type FeatureNames = {
  /** `gift-cards`: folder, router, collection. */
  plural: string;
  /** `gift-card`: one of them, in file names. */
  singular: string;
  /** `GiftCards` */
  Plural: string;
  /** `GiftCard` */
  Singular: string;
  /** `giftCards` */
  pluralCamel: string;
};

/** A name that cannot be a feature's; the message says why. */
export class NameError extends Error {
  override name = 'NameError';
}

/**
 * Derives all spellings from the plural in kebab-case.
 * @param singular when it cannot be guessed by taking the ending away (`news`, `series`)
 * @throws NameError
 */
export function featureNames(plural: string, singular = singularOf(plural)): FeatureNames {
  for (const name of [plural, singular]) {
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
      throw new NameError(`"${name}" is no feature name: lower case, words joined by "-", as in gift-cards.`);
    }
  }
  if (plural === singular) {
    throw new NameError(`Name the feature in the plural, or give the singular too: --singular ${plural}-entry`);
  }
  const camel = (name: string) => name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const pascal = (name: string) => camel(`-${name}`);
  return { plural, singular, Plural: pascal(plural), Singular: pascal(singular), pluralCamel: camel(plural) };
}

function singularOf(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  if (/(s|x|z|ch|sh)es$/.test(plural)) return plural.slice(0, -2);
  return plural.replace(/s$/, '');
}
