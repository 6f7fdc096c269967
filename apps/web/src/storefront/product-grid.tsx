import { SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { ProductCard } from './product-card.tsx';
import type { ProductCardData } from './product-card.tsx';

interface ProductGridProps {
  products: readonly ProductCardData[];
  /** Columns on wide screens. */
  columns?: 3 | 4;
}

/** Products side by side: two on phones, up to four on wide screens. */
export function ProductGrid({ products, columns = 4 }: ProductGridProps) {
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: columns }}
      spacing={{ base: 'md', sm: 'lg' }}
      verticalSpacing={{ base: 'lg', sm: 'xl' }}
    >
      {products.map((product, index) => (
        <ProductCard key={product.id} product={product} eager={index < 4} />
      ))}
    </SimpleGrid>
  );
}

/** The same shape, while the products are on their way. */
export function ProductGridSkeleton({ count = 8, columns = 4 }: { count?: number; columns?: 3 | 4 }) {
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: columns }}
      spacing={{ base: 'md', sm: 'lg' }}
      verticalSpacing={{ base: 'lg', sm: 'xl' }}
      aria-busy
      role="status"
      aria-label="Loading products"
    >
      {Array.from({ length: count }, (_, index) => (
        <Stack key={index} gap={8}>
          <Skeleton style={{ aspectRatio: '1' }} />
          <Skeleton h={12} w="35%" mt={4} />
          <Skeleton h={14} w="85%" />
          <Skeleton h={14} w="45%" />
        </Stack>
      ))}
    </SimpleGrid>
  );
}
