import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { fromAddress } from './address-form.ts';
import type { AddressForm } from './address-form.ts';

/** Fills the form with an address that the buyer keeps; nothing is shown to those who keep none. */
export function SavedAddresses({ form }: { form: AddressForm }) {
  const { data } = useQuery(useTrpc().account.addresses.list.queryOptions());
  const items = data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Select
      label="Your addresses"
      placeholder="Choose one, or fill in another below"
      mb="md"
      data={items.map(({ id, address }) => ({
        value: id,
        label: [address.name, address.line1, address.city].join(', '),
      }))}
      onChange={(id) => {
        const chosen = items.find((item) => item.id === id);
        if (chosen) form.setValues(fromAddress(chosen.address));
      }}
    />
  );
}
