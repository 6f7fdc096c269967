import { Paper, SegmentedControl, Stack, TextInput, Title } from '@mantine/core';
import type { ProductStatus } from './product-values.ts';
import { errorOf, type ProductForm } from './use-product-form.ts';

const STATUSES: { value: ProductStatus; label: string }[] = [
  { value: 'draft', label: 'Draft' },
  { value: 'active', label: 'Active' },
  { value: 'archived', label: 'Archived' },
];

/** Who sees a product, and from when on. */
export function StatusSection({ form }: { form: ProductForm }) {
  const { values, errors, change } = form;
  return (
    <Paper p="lg" component="section" aria-label="Status">
      <Stack>
        <Title order={2} size="h4">
          Status
        </Title>
        <SegmentedControl
          aria-label="Status"
          fullWidth
          data={STATUSES}
          value={values.status}
          onChange={(status) => change({ status })}
        />
        {values.status === 'active' && (
          <TextInput
            label="Shoppers see it from"
            description="At once when empty"
            type="datetime-local"
            value={values.publishAt}
            onChange={({ currentTarget: { value } }) => change({ publishAt: value })}
            {...errorOf(errors, 'publishAt')}
          />
        )}
      </Stack>
    </Paper>
  );
}
