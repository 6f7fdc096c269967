import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import type { RouterOutputs } from '@cartwright/sdk';
import { formatDate, formatDateTime } from '../../lib/dates.ts';
import { formatMoney } from '../../lib/money.ts';
import { TextLink } from '../../ui/links.tsx';
import { ProductImage } from '../../ui/product-image.tsx';
import { ProductActions } from './product-actions.tsx';

export type AdminProduct = RouterOutputs['admin']['products']['list']['items'][number];

/** Products as rows, with what can be done with each; on a phone what the columns tell stands below the title. */
export function ProductsTable({ products }: { products: readonly AdminProduct[] }) {
  return (
    <Table verticalSpacing="sm" horizontalSpacing="sm" miw={{ base: 0, sm: 760 }} aria-label="Products">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Product</Table.Th>
          <Table.Th visibleFrom="sm">Status</Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            From
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            Versions
          </Table.Th>
          <Table.Th ta="right" visibleFrom="sm">
            In stock
          </Table.Th>
          <Table.Th ta="right">Actions</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="cw-numeric">
        {products.map((product) => (
          <Table.Tr key={product.id} data-testid="admin-product">
            <Table.Td maw={{ base: 0, sm: 340 }} w={{ base: '100%', sm: 'auto' }}>
              <Group gap="sm" wrap="nowrap">
                <ProductImage image={product.image} alt="" size={44} />
                <Stack gap={0} miw={0}>
                  <TextLink
                    to="/admin/products/$productId"
                    params={{ productId: product.id }}
                    size="sm"
                    fw={600}
                    truncate
                  >
                    {product.title}
                  </TextLink>
                  <Text size="xs" c="dimmed">
                    {product.brand?.name ?? 'No brand'}
                  </Text>
                  <Group gap="xs" style={{ rowGap: 2 }} hiddenFrom="sm">
                    <StatusBadge product={product} />
                    <Text size="xs">{formatMoney(product.price)}</Text>
                    <Text size="xs" c={product.available === 0 ? 'red.8' : ''}>{`${product.available} in stock`}</Text>
                  </Group>
                </Stack>
              </Group>
            </Table.Td>
            <Table.Td miw={150} visibleFrom="sm">
              <StatusBadge product={product} />
            </Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {formatMoney(product.price)}
            </Table.Td>
            <Table.Td ta="right" visibleFrom="sm">
              {product.variantCount}
            </Table.Td>
            <Table.Td
              ta="right"
              visibleFrom="sm"
              fw={product.available === 0 ? 600 : 400}
              c={product.available === 0 ? 'red.8' : ''}
            >
              {product.available}
            </Table.Td>
            <Table.Td>
              <ProductActions product={product} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function StatusBadge({ product }: { product: AdminProduct }) {
  if (product.deletedAt) return <Badge color="gray">Removed {formatDate(product.deletedAt)}</Badge>;
  if (product.publishAt) {
    return (
      <Badge color="clay" title={formatDateTime(product.publishAt)}>{`From ${formatDate(product.publishAt)}`}</Badge>
    );
  }
  if (product.status === 'active') return <Badge>Active</Badge>;
  return <Badge color="gray">{product.status === 'draft' ? 'Draft' : 'Archived'}</Badge>;
}
