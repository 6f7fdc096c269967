import { Group, Stack, Title } from '@mantine/core';
import type { ProductSort } from '../../lib/product-filters.ts';
import { TextLink } from '../../ui/links.tsx';
import { ProductGrid, ProductGridSkeleton } from '../product-grid.tsx';
import type { ProductCardData } from '../product-card.tsx';

interface ProductShelfProps {
  title: string;
  /** Where all of them are to be seen in this order. */
  sort: Extract<ProductSort, 'newest' | 'rating' | 'best_selling'>;
  /** Undefined while they are on their way. */
  products: readonly ProductCardData[] | undefined;
}

/** One row of products that can be bought, and the way to all of them. */
export function ProductShelf({ title, sort, products }: ProductShelfProps) {
  if (products?.length === 0) return null;
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
      {products ? <ProductGrid products={products} /> : <ProductGridSkeleton />}
    </Stack>
  );
}
