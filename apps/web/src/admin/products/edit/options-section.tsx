import { ActionIcon, Button, Group, Paper, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ProductValues } from './product-values.ts';
import { errorOf, type ProductForm } from './use-product-form.ts';

type Option = ProductValues['options'][number];
const OPTIONS_MAX = 3;

/** What can be chosen of a product: size, colour. Versions follow when an option comes or goes. */
export function OptionsSection({ form }: { form: ProductForm }) {
  const { values, errors, change } = form;
  const { options, variants } = values;
  const set = (place: number, changes: Partial<Option>) =>
    change({ options: options.map((option, index) => (index === place ? { ...option, ...changes } : option)) });
  const add = () =>
    change({
      options: [...options, { name: '', values: [] }],
      variants: variants.map((variant) => ({ ...variant, choices: [...variant.choices, ''] })),
    });
  const remove = (place: number) => {
    const others = (_: unknown, index: number) => index !== place;
    change({
      options: options.filter(others),
      variants: variants.map((variant) => ({ ...variant, choices: variant.choices.filter(others) })),
    });
  };
  return (
    <Paper p="lg" component="section" aria-label="Options">
      <Stack>
        <Title order={2} size="h4">
          Options
        </Title>
        {options.length === 0 && (
          <Text size="sm" c="dimmed">
            There is one version of it. Add an option when shoppers can choose, say, a size.
          </Text>
        )}
        {options.map((option, place) => (
          <Group key={place} gap="xs" align="flex-start" wrap="nowrap">
            <TextInput
              label="Option"
              miw={96}
              placeholder="Size"
              flex={1}
              maxLength={40}
              value={option.name}
              onChange={(event) => set(place, { name: event.currentTarget.value })}
              {...errorOf(errors, `options.${place}.name`)}
            />
            <TagsInput
              label="Values"
              placeholder={option.values.length === 0 ? 'Small, Large' : ''}
              flex={2}
              maxTags={50}
              maxLength={80}
              splitChars={[',']}
              value={[...option.values]}
              onChange={(choices) => set(place, { values: choices })}
              {...errorOf(errors, `options.${place}.values`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              mt={24}
              aria-label={`Take ${option.name || 'this option'} out`}
              onClick={() => remove(place)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        {options.length < OPTIONS_MAX && (
          <Button variant="default" size="xs" w="fit-content" leftSection={<IconPlus size={15} />} onClick={add}>
            Add an option
          </Button>
        )}
      </Stack>
    </Paper>
  );
}
