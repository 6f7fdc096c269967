import { Select } from '@mantine/core';
import { SORT_LABELS } from '../../lib/product-filters.ts';
import type { SearchSort } from '../../lib/product-filters.ts';

interface SortSelectProps<Sort extends SearchSort> {
  value: Sort;
  sorts: readonly Sort[];
  onChange: (sort: Sort) => void;
}

/** How a list is ordered. */
export function SortSelect<Sort extends SearchSort>({ value, sorts, onChange }: SortSelectProps<Sort>) {
  return (
    <Select
      aria-label="Sort by"
      w={200}
      value={value}
      allowDeselect={false}
      checkIconPosition="right"
      data={sorts.map((sort) => ({ value: sort, label: SORT_LABELS[sort] }))}
      onChange={(next) => {
        const sort = sorts.find((candidate) => candidate === next);
        if (sort) onChange(sort);
      }}
    />
  );
}
