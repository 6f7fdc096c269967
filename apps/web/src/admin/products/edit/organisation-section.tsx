import { Autocomplete, MultiSelect, Paper, Select, Stack, Title } from '@mantine/core';
import { pathsOf, useAllBrands, useCategories } from '../../references/use-references.ts';
import { errorOf, type ProductForm } from './use-product-form.ts';

const CATEGORIES_MAX = 10;
/** Those that the shop begins with; others can be typed. */
const TAX_CLASSES = ['standard', 'reduced', 'zero'];

/** Where a product belongs: categories, brand and tax class. */
export function OrganisationSection({ form }: { form: ProductForm }) {
  const { values, errors, change } = form;
  const categories = useCategories();
  const brands = useAllBrands();
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
        <Autocomplete
          label="Tax class"
          required
          maxLength={40}
          data={TAX_CLASSES}
          value={values.taxClass}
          onChange={(taxClass) => change({ taxClass })}
          {...errorOf(errors, 'taxClass')}
        />
      </Stack>
    </Paper>
  );
}
