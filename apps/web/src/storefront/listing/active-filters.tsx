import { Button, Group } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCategoryTree, useShopConfig } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import { categoryPath } from '../../lib/category-path.ts';
import { formatMoney } from '../../lib/money.ts';
import type { ActiveFilter, FilterChange } from '../../lib/product-filters.ts';

interface ActiveFiltersProps {
  active: readonly ActiveFilter[];
  onChange: (change: Partial<FilterChange>) => void;
  /** Offers to take all of them away. */
  onClear?: (() => void) | undefined;
}

/** The filters that are on, each of them a button that takes it away. */
export function ActiveFilters({ active, onChange, onClear }: ActiveFiltersProps) {
  const nameOf = useFilterNames(active);
  if (active.length === 0) return null;
  return (
    <Group gap={8} role="group" aria-label="Active filters">
      {active.map((filter) => (
        <Button
          key={filter.key}
          variant="default"
          radius="xl"
          size="compact-sm"
          px={12}
          rightSection={<IconX size={13} aria-hidden />}
          aria-label={`Remove filter ${nameOf(filter)}`}
          onClick={() => onChange(filter.without)}
        >
          {nameOf(filter)}
        </Button>
      ))}
      {onClear && active.length > 1 && (
        <Button variant="subtle" size="compact-sm" onClick={onClear}>
          Clear all
        </Button>
      )}
    </Group>
  );
}

/** What filters are called; slugs stand for names until these are there. */
function useFilterNames(active: readonly ActiveFilter[]): (filter: ActiveFilter) => string {
  const trpc = useTrpc();
  const { data: config } = useShopConfig();
  const { data: tree } = useCategoryTree();
  const { data: brands } = useQuery(
    trpc.catalog.brands.list.queryOptions(undefined, {
      staleTime: 300_000,
      enabled: active.some(({ kind }) => kind === 'brand'),
    }),
  );
  const price = (amount: number): string => formatMoney({ amount, currency: config?.currency ?? 'USD' });
  return (filter) => {
    switch (filter.kind) {
      case 'category':
        return categoryPath(tree?.items ?? [], filter.slug).at(-1)?.name ?? filter.slug;
      case 'brand':
        return brands?.items.find(({ slug }) => slug === filter.slug)?.name ?? filter.slug;
      case 'price':
        if (filter.min === undefined) return `up to ${price(filter.max ?? 0)}`;
        return filter.max === undefined ? `from ${price(filter.min)}` : `${price(filter.min)} – ${price(filter.max)}`;
      case 'rating':
        return `${filter.stars} stars and up`;
      case 'stock':
        return 'In stock';
      case 'attribute':
        return `${filter.name}: ${filter.value}`;
    }
  };
}
