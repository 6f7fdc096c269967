import { Button, Divider, Group, Radio, Select, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { Stars } from '../../ui/stars.tsx';
import type { Filters } from './listing-view.tsx';
import { PriceRange } from './price-range.tsx';

interface FilterPanelProps {
  filters: Filters;
  active: number;
  onChange: (change: { [K in keyof Filters]: Filters[K] | undefined }) => void;
  onClear: () => void;
}

/** Brand, price, rating and stock. Each change lands in the address at once. */
export function FilterPanel({ filters, active, onChange, onClear }: FilterPanelProps) {
  const trpc = useTrpc();
  const brands = useQuery(trpc.catalog.brands.list.queryOptions(undefined, { staleTime: 300_000 }));
  return (
    <Stack gap="lg">
      <Group justify="space-between" h={24}>
        <Text fw={650}>Filters</Text>
        {active > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={onClear}>
            Clear all
          </Button>
        )}
      </Group>
      <Switch
        label="In stock only"
        checked={filters.stock === true}
        onChange={(event) => onChange({ stock: event.currentTarget.checked ? true : undefined })}
      />
      <Divider />
      <Select
        label="Brand"
        placeholder={brands.isError ? 'Brands are not available' : 'All brands'}
        searchable
        clearable
        disabled={!brands.data}
        value={filters.brand ?? null}
        data={(brands.data?.items ?? []).map((brand) => ({ value: brand.slug, label: brand.name }))}
        nothingFoundMessage="No such brand"
        onChange={(brand) => onChange({ brand: brand ?? undefined })}
      />
      <PriceRange
        key={`${filters.min}-${filters.max}`}
        min={filters.min}
        max={filters.max}
        onChange={({ min, max }) => onChange({ min, max })}
      />
      <Radio.Group
        label="Rating"
        value={String(filters.rating ?? '')}
        onChange={(value) => onChange({ rating: value === '' ? undefined : Number(value) })}
      >
        <Stack gap={10} pt={6}>
          <Radio value="" label="Any rating" size="sm" />
          {[4, 3].map((stars) => (
            <Radio
              key={stars}
              value={String(stars)}
              size="sm"
              label={
                <Group gap={6} wrap="nowrap">
                  <Stars average={stars} /> <span>and up</span>
                </Group>
              }
            />
          ))}
        </Stack>
      </Radio.Group>
    </Stack>
  );
}
