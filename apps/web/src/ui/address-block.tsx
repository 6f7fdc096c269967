import { Text } from '@mantine/core';
import type { RouterOutputs } from '@cartwright/sdk';

type Address = RouterOutputs['orders']['byId']['shippingAddress'];

const countryNames = new Intl.DisplayNames('en', { type: 'region' });

/** A postal address as it stands on a parcel. */
export function AddressBlock({ address }: { address: Address }) {
  const lines = [
    address.name,
    address.line1,
    address.line2,
    [address.postalCode, address.city].join(' '),
    [address.region, countryNames.of(address.country)].filter(Boolean).join(', '),
    address.phone,
  ];
  return (
    <Text component="address" size="sm" style={{ fontStyle: 'normal' }}>
      {lines.filter(Boolean).map((line, index) => (
        <span key={index} style={{ display: 'block' }}>
          {line}
        </span>
      ))}
    </Text>
  );
}
