export interface PostalAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly region?: string | undefined;
  readonly postalCode: string;
  readonly country: string;
}

const countryNames = new Intl.DisplayNames('en', { type: 'region' });

/** Where the postal code stands behind the city and its state, as in "Portland, OR 97201". */
const CODE_LAST = new Set(['US', 'CA', 'AU']);
/** Where the postal code has a line of its own below the city. */
const CODE_BELOW = new Set(['GB', 'IE']);

/** An address as it stands on a parcel, line by line, in the order of its country; the country comes last, in words. */
export function addressLines({ name, line1, line2, city, region, postalCode, country }: PostalAddress): string[] {
  const place = CODE_LAST.has(country)
    ? [[city, [region, postalCode].filter(Boolean).join(' ')].join(country === 'US' ? ', ' : ' ')]
    : CODE_BELOW.has(country)
      ? [city, region, postalCode]
      : [`${postalCode} ${city}`, region];
  return [name, line1, line2, ...place, countryNames.of(country)].flatMap((line) => (line ? [line] : []));
}
