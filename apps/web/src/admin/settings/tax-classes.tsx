import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTrpc } from '../../app/shop-context.tsx';
import { InlineError } from '../../ui/states.tsx';
import { SettingsSection, useSettingsChanged, type TaxClass } from './settings-section.tsx';

/** What goods and shipping are taxed as. The standard one stays. */
export function TaxClasses({ classes }: { classes: readonly TaxClass[] }) {
  const trpc = useTrpc();
  const form = useForm({
    initialValues: { id: '', label: '' },
    validate: {
      id: (id) => (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) ? null : 'Small letters, digits and hyphens'),
      label: (label) => (label.trim() === '' ? 'What is it called?' : null),
    },
  });
  const create = useMutation(trpc.admin.tax.classes.create.mutationOptions(useSettingsChanged(form.reset)));
  const remove = useMutation(trpc.admin.tax.classes.remove.mutationOptions(useSettingsChanged()));
  return (
    <SettingsSection id="tax-classes" title="Tax classes" text="Products and shipping methods name one of these.">
      <Stack gap="xs">
        {classes.map(({ id, label }) => (
          <Group key={id} justify="space-between" data-testid="tax-class">
            <Text size="sm">
              {label}{' '}
              <Text span c="dimmed" size="xs">
                {id}
              </Text>
            </Text>
            <ActionIcon
              variant="subtle"
              color="red.8"
              aria-label={`Delete the class ${label}`}
              disabled={id === 'standard' || remove.isPending}
              onClick={() => remove.mutate({ id })}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Group>
        ))}
        <form noValidate onSubmit={form.onSubmit(({ id, label }) => create.mutate({ id, label: label.trim() }))}>
          <Group align="flex-start" mt="sm">
            <TextInput
              aria-label="Id of the new class"
              placeholder="books"
              maxLength={40}
              {...form.getInputProps('id')}
            />
            <TextInput
              aria-label="Name of the new class"
              placeholder="Books"
              maxLength={80}
              {...form.getInputProps('label')}
            />
            <Button type="submit" variant="default" leftSection={<IconPlus size={17} />} loading={create.isPending}>
              Add class
            </Button>
          </Group>
          <InlineError error={create.error} />
        </form>
      </Stack>
    </SettingsSection>
  );
}
