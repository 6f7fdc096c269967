import { useForm } from '@mantine/form';
import type { RouterInputs } from '@cartwright/sdk';
import { compact } from '../../lib/search-params.ts';

export type AddressInput = RouterInputs['checkout']['quote']['shippingAddress'];

/** What the form's fields hold: never undefined, so inputs stay controlled. */
export interface AddressValues {
  name: string;
  line1: string;
  line2: string;
  city: string;
  region: string;
  postalCode: string;
  country: string;
  phone: string;
}

const REQUIRED: Partial<Record<keyof AddressValues, string>> = {
  name: 'Who is it for?',
  line1: 'Street and number, please',
  city: 'Which city?',
  postalCode: 'The postal code, please',
  country: 'Choose a country',
};

export const emptyAddress = (name: string, country: string): AddressValues => ({
  name,
  line1: '',
  line2: '',
  city: '',
  region: '',
  postalCode: '',
  country,
  phone: '',
});

/** The form of an address, checked when a field is left. */
export function useAddressForm(initialValues: AddressValues) {
  return useForm<AddressValues>({
    initialValues,
    validateInputOnBlur: true,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(REQUIRED).filter(([field]) => values[field as keyof AddressValues].trim() === ''),
      ),
  });
}

export type AddressForm = ReturnType<typeof useAddressForm>;

/** The values as the API takes them, or null while a required one is missing. */
export function toAddress(values: AddressValues): AddressInput | null {
  const trimmed = Object.fromEntries(
    Object.entries(values).map(([field, value]) => [field, value.trim()]),
  ) as unknown as AddressValues;
  if (Object.keys(REQUIRED).some((field) => trimmed[field as keyof AddressValues] === '')) return null;
  const { name, line1, city, postalCode, country } = trimmed;
  return {
    name,
    line1,
    city,
    postalCode,
    country,
    ...compact({
      line2: trimmed.line2 || undefined,
      region: trimmed.region || undefined,
      phone: trimmed.phone || undefined,
    }),
  };
}

/** An address of an earlier order, back in the form. */
export function fromAddress(address: AddressInput): AddressValues {
  return { ...emptyAddress('', ''), ...compact(address) };
}
