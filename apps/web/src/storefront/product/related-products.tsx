import { Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { ProductGrid } from '../product-grid.tsx';

/** What others bought with it, or what stands beside it. Silent when there is nothing, or when it can't be read. */
export function RelatedProducts({ productId }: { productId: string }) {
  const { data } = useQuery(useTrpc().catalog.products.related.queryOptions({ productId, limit: 4 }));
  if (!data || data.items.length === 0) return null;
  return (
    <Stack component="section" gap="lg" mt={64} aria-labelledby="related">
      <Title order={2} id="related">
        Goes well with it
      </Title>
      <ProductGrid products={data.items} />
    </Stack>
  );
}
