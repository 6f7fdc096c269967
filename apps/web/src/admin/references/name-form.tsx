import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { isCartwrightError } from '@cartwright/sdk';
import { slugOf } from '../../lib/slug.ts';
import { InlineError } from '../../ui/states.tsx';

export interface Named {
  name: string;
  slug: string;
}

interface NameFormProps {
  initial: Named;
  submitLabel: string;
  error: unknown;
  isSaving: boolean;
  onSubmit: (values: Named) => void;
}

/** Name and web address of a brand or category; the address of a new one follows the name until it is written. */
export function NameForm({ initial, submitLabel, error, isSaving, onSubmit }: NameFormProps) {
  const form = useForm({
    initialValues: initial,
    validate: {
      name: (name) => (name.trim() === '' ? 'What is it called?' : null),
      slug: (slug) => (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug.trim()) ? null : 'Lower-case words joined by hyphens'),
    },
  });
  const { name, slug } = form.values;
  const follows = initial.slug === '' && slug === slugOf(name);
  const refused = isCartwrightError(error, 'INVALID_INPUT') ? error.fields : {};
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => onSubmit({ name: values.name.trim(), slug: values.slug.trim() }))}
    >
      <Stack>
        <TextInput
          label="Name"
          required
          maxLength={120}
          data-autofocus
          {...form.getInputProps('name')}
          onChange={({ currentTarget: { value } }) =>
            form.setValues({ name: value, ...(follows ? { slug: slugOf(value) } : {}) })
          }
          error={form.errors['name'] ?? refused['name']?.join('. ')}
        />
        <TextInput
          label="Web address"
          description="Lower-case words joined by hyphens"
          required
          maxLength={120}
          {...form.getInputProps('slug')}
          error={form.errors['slug'] ?? refused['slug']?.join('. ')}
        />
        <InlineError error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={isSaving}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
