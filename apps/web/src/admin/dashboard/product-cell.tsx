import { Group, Stack, Text } from '@mantine/core';
import { TextLink } from '../../ui/links.tsx';
import { ProductImage } from '../../ui/product-image.tsx';

interface ProductCellProps {
  product: { productId: string; title: string; image: string | null };
  /** Under the title. */
  detail?: string;
}

/** A product in a table, leading to where it is worked on. */
export function ProductCell({ product: { productId, title, image }, detail }: ProductCellProps) {
  return (
    <Group gap="sm" wrap="nowrap">
      <ProductImage image={image} alt="" size={38} />
      <Stack gap={0} style={{ minWidth: 0 }}>
        <TextLink to="/admin/products/$productId" params={{ productId }} size="sm" fw={550} c="inherit" lineClamp={2}>
          {title}
        </TextLink>
        {detail && (
          <Text size="xs" c="dimmed" lineClamp={1}>
            {detail}
          </Text>
        )}
      </Stack>
    </Group>
  );
}
