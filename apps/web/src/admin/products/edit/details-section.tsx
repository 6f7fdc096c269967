import { Paper, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { slugOf } from '../../../lib/slug.ts';
import { errorOf, type ProductForm } from './use-product-form.ts';

/** What a product is called, where it is found, and what is said of it. */
export function DetailsSection({ form, isNew }: { form: ProductForm; isNew: boolean }) {
  const { values, errors, change } = form;
  // Until somebody writes another address, it follows the title.
  const follows = isNew && values.slug === slugOf(values.title);
  return (
    <Paper p="lg" component="section" aria-label="Details">
      <Stack>
        <Title order={2} size="h4">
          Details
        </Title>
        <TextInput
          label="Title"
          required
          maxLength={200}
          value={values.title}
          onChange={({ currentTarget: { value } }) =>
            change({ title: value, ...(follows ? { slug: slugOf(value) } : {}) })
          }
          {...errorOf(errors, 'title')}
        />
        <TextInput
          label="Web address"
          leftSection="/p/"
          leftSectionWidth={36}
          required
          maxLength={120}
          value={values.slug}
          onChange={({ currentTarget: { value } }) => change({ slug: value })}
          {...errorOf(errors, 'slug')}
        />
        <Textarea
          label="Description"
          autosize
          minRows={4}
          maxRows={16}
          maxLength={10_000}
          value={values.description}
          onChange={({ currentTarget: { value } }) => change({ description: value })}
          {...errorOf(errors, 'description')}
        />
      </Stack>
    </Paper>
  );
}
