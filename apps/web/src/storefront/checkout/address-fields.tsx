import { Grid, Select, TextInput } from '@mantine/core';
import { useShopConfig } from '../../app/hooks.ts';
import type { AddressForm } from './address-form.ts';

/** Where the parcel goes. Field names and autocomplete tokens let browsers fill it in. */
export function AddressFields({ form }: { form: AddressForm }) {
  const { data: config } = useShopConfig();
  return (
    <Grid gap="md">
      <Grid.Col span={12}>
        <TextInput
          label="Full name"
          required
          autoComplete="shipping name"
          maxLength={120}
          {...form.getInputProps('name')}
        />
      </Grid.Col>
      <Grid.Col span={12}>
        <TextInput
          label="Street and number"
          required
          autoComplete="shipping address-line1"
          maxLength={200}
          {...form.getInputProps('line1')}
        />
      </Grid.Col>
      <Grid.Col span={12}>
        <TextInput
          label="Flat, floor, company"
          autoComplete="shipping address-line2"
          maxLength={200}
          {...form.getInputProps('line2')}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 5, sm: 4 }}>
        <TextInput
          label="Postal code"
          required
          autoComplete="shipping postal-code"
          maxLength={20}
          {...form.getInputProps('postalCode')}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 7, sm: 8 }}>
        <TextInput
          label="City"
          required
          autoComplete="shipping address-level2"
          maxLength={120}
          {...form.getInputProps('city')}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 6 }}>
        <TextInput
          label="State or region"
          autoComplete="shipping address-level1"
          maxLength={120}
          {...form.getInputProps('region')}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 6 }}>
        <Select
          label="Country"
          required
          searchable
          allowDeselect={false}
          autoComplete="shipping country"
          nothingFoundMessage="We don’t ship there yet"
          data={(config?.countries ?? []).map(({ code, name }) => ({ value: code, label: name }))}
          {...form.getInputProps('country')}
        />
      </Grid.Col>
      <Grid.Col span={12}>
        <TextInput
          label="Phone"
          description="Only for the carrier"
          type="tel"
          autoComplete="shipping tel"
          maxLength={40}
          {...form.getInputProps('phone')}
        />
      </Grid.Col>
    </Grid>
  );
}
