import { Group, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { TextLink } from '../../ui/links.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { ProductGrid, ProductGridSkeleton } from '../product-grid.tsx';

interface ProductShelfProps {
  title: string;
  sort: 'newest' | 'rating' | 'best_selling';
}

/** One row of products that can be bought, and the way to all of them. */
export function ProductShelf({ title, sort }: ProductShelfProps) {
  const trpc = useTrpc();
  const products = useQuery(trpc.catalog.products.list.queryOptions({ sort, inStock: true, limit: 8 }));
  if (products.data?.items.length === 0) return null;
  const id = `shelf-${sort}`;
  return (
    <Stack component="section" gap="lg" aria-labelledby={id}>
      <Group justify="space-between" align="baseline">
        <Title order={2} id={id}>
          {title}
        </Title>
        <TextLink to="/products" search={{ sort }} size="sm" fw={600} aria-label={`See all, ${title.toLowerCase()}`}>
          See all
        </TextLink>
      </Group>
      {products.isPending && <ProductGridSkeleton />}
      {products.isError && <ErrorState error={products.error} onRetry={() => void products.refetch()} />}
      {products.data && <ProductGrid products={products.data.items} />}
    </Stack>
  );
}
