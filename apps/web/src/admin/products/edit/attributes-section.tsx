import { ActionIcon, Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ProductValues } from './product-values.ts';
import { errorOf, type ProductForm } from './use-product-form.ts';

type Attribute = ProductValues['attributes'][number];

/** Facts of a product that shoppers filter by: material, origin, power. */
export function AttributesSection({ form }: { form: ProductForm }) {
  const { values, errors, change } = form;
  const { attributes } = values;
  const set = (place: number, changes: Partial<Attribute>) =>
    change({ attributes: attributes.map((one, index) => (index === place ? { ...one, ...changes } : one)) });
  return (
    <Paper p="lg" component="section" aria-label="Attributes">
      <Stack>
        <Title order={2} size="h4">
          Attributes
        </Title>
        {attributes.length === 0 && (
          <Text size="sm" c="dimmed">
            Facts that shoppers read and filter by.
          </Text>
        )}
        {attributes.map(({ name, value }, place) => (
          <Group key={place} gap="xs" align="flex-start" wrap="nowrap">
            <TextInput
              aria-label={`Name of attribute ${place + 1}`}
              placeholder="Material"
              flex={1}
              maxLength={60}
              value={name}
              onChange={(event) => set(place, { name: event.currentTarget.value })}
              {...errorOf(errors, `attributes.${place}.name`)}
            />
            <TextInput
              aria-label={`Value of attribute ${place + 1}`}
              placeholder="Stoneware"
              flex={2}
              maxLength={200}
              value={value}
              onChange={(event) => set(place, { value: event.currentTarget.value })}
              {...errorOf(errors, `attributes.${place}.value`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={`Take attribute ${place + 1} out`}
              onClick={() => change({ attributes: attributes.filter((_, index) => index !== place) })}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={15} />}
          disabled={attributes.length >= 50}
          onClick={() => change({ attributes: [...attributes, { name: '', value: '' }] })}
        >
          Add an attribute
        </Button>
      </Stack>
    </Paper>
  );
}
