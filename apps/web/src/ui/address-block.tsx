import { Text } from '@mantine/core';
import { addressLines } from '@cartwright/sdk';
import type { RouterOutputs } from '@cartwright/sdk';

type Address = RouterOutputs['orders']['byId']['shippingAddress'];

/** A postal address as it stands on a parcel, and the telephone number. */
export function AddressBlock({ address }: { address: Address }) {
  const lines = [...addressLines(address, 'en'), ...(address.phone ? [address.phone] : [])];
  return (
    <Text component="address" size="sm" style={{ fontStyle: 'normal' }}>
      {lines.map((line, index) => (
        <span key={index} style={{ display: 'block' }}>
          {line}
        </span>
      ))}
    </Text>
  );
}
