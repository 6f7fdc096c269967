import { Grid, MultiSelect } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { useCategoryTree } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';
import type { CouponValues } from '../coupon-values.ts';

type Category = RouterOutputs['catalog']['categories']['tree']['items'][number];

const flat = (categories: readonly Category[], depth = 0): { value: string; label: string }[] =>
  categories.flatMap(({ id, name, children }) => [
    { value: id, label: `${'– '.repeat(depth)}${name}` },
    ...flat(children, depth + 1),
  ]);

/** Which articles a coupon is for: those of the categories, with all below them, and the products. Empty: for all. */
export function CouponScope({ form }: { form: UseFormReturnType<CouponValues> }) {
  const trpc = useTrpc();
  const { data: tree } = useCategoryTree();
  const [typed, setTyped] = useState('');
  const [query] = useDebouncedValue(typed.trim(), 300);
  const { productIds } = form.values;
  const chosen = useQuery(
    trpc.catalog.products.byIds.queryOptions(productIds.length === 0 ? skipToken : { ids: productIds.slice(0, 100) }, {
      placeholderData: keepPreviousData,
    }),
  );
  const found = useQuery(
    trpc.admin.products.list.queryOptions(query.length < 2 ? skipToken : { query, limit: 20 }, {
      placeholderData: keepPreviousData,
    }),
  );
  const titles = new Map(
    [...(chosen.data?.items ?? []), ...(found.data?.items ?? [])].map(({ id, title }) => [id, title]),
  );
  const products = [...new Set([...productIds, ...titles.keys()])].map((id) => ({
    value: id,
    label: titles.get(id) ?? id,
  }));
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, xs: 6 }}>
        <MultiSelect
          label="Categories"
          description="With all that is below them"
          placeholder="All articles"
          searchable
          clearable
          data={flat(tree?.items ?? [])}
          {...form.getInputProps('categoryIds')}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, xs: 6 }}>
        <MultiSelect
          label="Products"
          description="Type to search"
          placeholder="All articles"
          searchable
          clearable
          searchValue={typed}
          onSearchChange={setTyped}
          nothingFoundMessage={query.length < 2 ? 'Two letters at least' : 'Nothing found'}
          filter={({ options }) => options}
          data={products}
          {...form.getInputProps('productIds')}
        />
      </Grid.Col>
    </Grid>
  );
}
