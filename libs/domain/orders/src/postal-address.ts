/** Where something is sent, or who pays for it. */
export interface PostalAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly region?: string | undefined;
  readonly postalCode: string;
  /** Two letters of ISO 3166-1. */
  readonly country: string;
}

/** Where the postal code stands behind the city and its state, as in "Portland, OR 97201". */
const CODE_LAST: readonly string[] = ['US', 'CA', 'AU'];
/** Where the postal code has a line of its own below the city. */
const CODE_BELOW: readonly string[] = ['GB', 'IE'];

/**
 * An address as it stands on a parcel, line by line, in the order of its country. The country comes last, in words of the
 * `locale` (BCP 47) where the runtime knows them, else by its two letters.
 */
export function addressLines(address: PostalAddress, locale: string): string[] {
  const { name, line1, line2, country } = address;
  return [name, line1, line2, ...placeLines(address), countryName(country, locale)].flatMap((line) =>
    line ? [line] : [],
  );
}

function placeLines({ city, region, postalCode, country }: PostalAddress): (string | undefined)[] {
  if (CODE_BELOW.includes(country)) return [city, region, postalCode];
  if (!CODE_LAST.includes(country)) return [`${postalCode} ${city}`, region];
  const code = region ? `${region} ${postalCode}` : postalCode;
  return [`${city}${country === 'US' ? ',' : ''} ${code}`];
}

function countryName(country: string, locale: string): string | undefined {
  // Mobile runtimes may have none.
  const { DisplayNames }: { DisplayNames?: typeof Intl.DisplayNames } = Intl;
  return DisplayNames ? new DisplayNames(locale, { type: 'region' }).of(country) : country;
}
