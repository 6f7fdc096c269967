import { MultiSelect, Paper, Select, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTrpc } from '../../../app/shop-context.tsx';
import { pathsOf, useAllBrands, useCategories } from '../../references/use-references.ts';
import { errorOf, type ProductForm } from './use-product-form.ts';

const CATEGORIES_MAX = 10;

/** Where a product belongs: categories, brand and tax class. */
export function OrganisationSection({ form }: { form: ProductForm }) {
  const { values, errors, change } = form;
  const categories = useCategories();
  const brands = useAllBrands();
  const classes = useQuery(useTrpc().admin.tax.classes.list.queryOptions());
  const choices = (classes.data?.items ?? []).map(({ id, label }) => ({ value: id, label }));
  // One that is there no more is shown by its name till another is chosen.
  if (!choices.some(({ value }) => value === values.taxClass)) {
    choices.push({ value: values.taxClass, label: values.taxClass });
  }
  return (
    <Paper p="lg" component="section" aria-label="Where it belongs">
      <Stack>
        <Title order={2} size="h4">
          Where it belongs
        </Title>
        <MultiSelect
          label="Categories"
          placeholder={values.categoryIds.length === 0 ? 'None' : ''}
          searchable
          clearable
          maxValues={CATEGORIES_MAX}
          nothingFoundMessage="No such category"
          data={[...pathsOf(categories.data?.items ?? [])].map(([value, label]) => ({ value, label }))}
          value={[...values.categoryIds]}
          onChange={(categoryIds) => change({ categoryIds })}
          {...errorOf(errors, 'categoryIds')}
        />
        <Select
          label="Brand"
          placeholder="None"
          searchable
          clearable
          nothingFoundMessage="No such brand"
          data={(brands.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={values.brandId}
          onChange={(brandId) => change({ brandId })}
          {...errorOf(errors, 'brandId')}
        />
        <Select
          label="Tax class"
          required
          allowDeselect={false}
          data={choices}
          value={values.taxClass}
          onChange={(taxClass) => change({ taxClass: taxClass ?? values.taxClass })}
          {...errorOf(errors, 'taxClass')}
        />
      </Stack>
    </Paper>
  );
}
