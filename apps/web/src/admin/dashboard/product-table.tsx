import { Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { ProductCell } from './product-cell.tsx';

type Product = Parameters<typeof ProductCell>[0]['product'];

interface Column<Item> {
  title: string;
  /** Too much for a phone. */
  isExtra?: boolean;
  align?: 'right';
  width?: string;
  cell: (item: Item) => ReactNode;
}

interface ProductTableProps<Item extends Product> {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Under the product's title. */
  detailOf?: (item: Item) => string;
  columns: readonly Column<Item>[];
}

/** Products with figures beside them. */
export function ProductTable<Item extends Product>({ items, keyOf, detailOf, columns }: ProductTableProps<Item>) {
  return (
    <Table verticalSpacing="xs" horizontalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Product</Table.Th>
          {columns.map((column) => (
            <Table.Th key={column.title} {...placeOf(column)} {...(column.width ? { w: column.width } : {})}>
              {column.title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody className="cw-numeric">
        {items.map((item) => (
          <Table.Tr key={keyOf(item)}>
            <Table.Td>
              <ProductCell product={item} {...(detailOf ? { detail: detailOf(item) } : {})} />
            </Table.Td>
            {columns.map((column) => (
              <Table.Td key={column.title} {...placeOf(column)}>
                {column.cell(item)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const placeOf = ({ align, isExtra }: { align?: 'right'; isExtra?: boolean }) => ({
  ...(align ? { ta: align } : {}),
  ...(isExtra ? ({ visibleFrom: 'sm' } as const) : {}),
});
