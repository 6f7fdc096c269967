import { Chip, Group, Select, Text, TextInput } from '@mantine/core';
import type { OrderFilters as Filters } from '../../lib/order-activity.ts';
import { FULFILLMENT_WORDS, PAYMENT_WORDS } from '../../lib/order-words.ts';
import { dayParam } from '../../lib/search-params.ts';
import { SearchField } from '../search-field.tsx';
import { useOrderCounts } from './use-order-counts.ts';

const STATUSES = [
  { value: 'pending', label: 'Pending' },
  { value: 'paid', label: 'Paid' },
  { value: 'canceled', label: 'Canceled' },
] as const;
const PAYMENTS = (['unpaid', 'processing', 'paid', 'partially_refunded', 'refunded'] as const).map((value) => ({
  value,
  label: PAYMENT_WORDS[value],
}));
const PARCELS = (['unfulfilled', 'processing', 'shipped', 'delivered', 'returned'] as const).map((value) => ({
  value,
  label: FULFILLMENT_WORDS[value],
}));

/** What the address of the list can ask for. */
export type OrderSearch = Filters & { from?: string };

interface OrderFiltersProps {
  search: OrderSearch;
  onChange: (change: { [K in keyof OrderSearch]: OrderSearch[K] | undefined }) => void;
}

/** Which orders the list shows. */
export function OrderFilters({ search, onChange }: OrderFiltersProps) {
  const { returnRequested } = useOrderCounts();
  return (
    <Group gap="sm" role="search" aria-label="Filter the orders">
      <SearchField
        label="Order number or e-mail"
        key={search.q === undefined ? 'empty' : 'typed'}
        initial={search.q ?? ''}
        onSearch={(q) => onChange({ q })}
      />
      <Select
        aria-label="Status"
        placeholder="Any status"
        clearable
        w={150}
        data={[...STATUSES]}
        value={search.status ?? null}
        onChange={(value) => onChange({ status: STATUSES.find((status) => status.value === value)?.value })}
      />
      <Select
        aria-label="Payment"
        placeholder="Any payment"
        clearable
        w={170}
        data={[...PAYMENTS]}
        value={search.payment ?? null}
        onChange={(value) => onChange({ payment: PAYMENTS.find((payment) => payment.value === value)?.value })}
      />
      <Select
        aria-label="Parcel"
        placeholder="Any parcel"
        clearable
        w={150}
        data={[...PARCELS]}
        value={search.parcel ?? null}
        onChange={(value) => onChange({ parcel: PARCELS.find((parcel) => parcel.value === value)?.value })}
      />
      <Group gap="sm">
        <TextInput
          type="date"
          aria-label="Placed from"
          leftSection={<Text size="sm">from</Text>}
          leftSectionWidth={52}
          max={search.to}
          value={search.from ?? ''}
          onChange={({ currentTarget }) => onChange({ from: dayParam(currentTarget.value) })}
        />
        <TextInput
          type="date"
          aria-label="Placed until"
          leftSection={<Text size="sm">until</Text>}
          leftSectionWidth={52}
          min={search.from}
          value={search.to ?? ''}
          onChange={({ currentTarget }) => onChange({ to: dayParam(currentTarget.value) })}
        />
      </Group>
      <Chip
        size="sm"
        checked={search.returns === 'asked'}
        onChange={(checked) => onChange({ returns: checked ? 'asked' : undefined })}
      >
        Return requested{returnRequested > 0 ? ` · ${returnRequested}` : ''}
      </Chip>
    </Group>
  );
}
