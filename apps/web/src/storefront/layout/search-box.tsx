import { Box, CloseButton, Combobox, Group, Text, TextInput, useCombobox } from '@mantine/core';
import type { MantineBreakpoint } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBuildingStore, IconCategory, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';

interface SearchBoxProps {
  className?: string | undefined;
  visibleFrom?: MantineBreakpoint;
  hiddenFrom?: MantineBreakpoint;
}

const KINDS = {
  product: { icon: IconSearch, label: '' },
  category: { icon: IconCategory, label: 'Category' },
  brand: { icon: IconBuildingStore, label: 'Brand' },
};

/** Search with suggestions while typing. Enter searches; choosing a suggestion goes straight there. */
export function SearchBox({ className, ...visibility }: SearchBoxProps) {
  const trpc = useTrpc();
  const navigate = useNavigate();
  const { q } = useSearch({ strict: false });
  const [value, setValue] = useState(q ?? '');
  useEffect(() => setValue(q ?? ''), [q]);

  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [prefix] = useDebouncedValue(value.trim().slice(0, 60), 160);
  const suggestions = useQuery(
    trpc.search.suggest.queryOptions({ prefix }, { enabled: prefix.length > 0, placeholderData: keepPreviousData }),
  );
  const items = value.trim() === '' ? [] : (suggestions.data?.items ?? []);

  const search = () => {
    combobox.closeDropdown();
    if (value.trim() !== '') void navigate({ to: '/search', search: { q: value.trim() } });
  };
  const choose = (option: string) => {
    combobox.closeDropdown();
    const item = items.find((candidate) => `${candidate.kind}:${candidate.slug}` === option);
    if (!item) return search();
    setValue('');
    if (item.kind === 'product') return void navigate({ to: '/p/$slug', params: { slug: item.slug } });
    if (item.kind === 'category') return void navigate({ to: '/c/$slug', params: { slug: item.slug } });
    return void navigate({ to: '/products', search: { brand: item.slug } });
  };

  return (
    <Box component="search" className={className} {...visibility}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <Combobox store={combobox} onOptionSubmit={choose} shadow="md" offset={6}>
          <Combobox.Target>
            <TextInput
              type="search"
              value={value}
              onChange={(event) => {
                setValue(event.currentTarget.value);
                combobox.openDropdown();
                combobox.resetSelectedOption();
              }}
              onFocus={() => items.length > 0 && combobox.openDropdown()}
              onBlur={() => combobox.closeDropdown()}
              placeholder="Search products, brands, categories"
              aria-label="Search the shop"
              variant="filled"
              radius="xl"
              leftSection={<IconSearch size={17} />}
              rightSection={
                value !== '' && <CloseButton size="sm" aria-label="Clear the search" onClick={() => setValue('')} />
              }
              maxLength={200}
              enterKeyHint="search"
            />
          </Combobox.Target>
          <Combobox.Dropdown hidden={items.length === 0}>
            <Combobox.Options aria-label="Suggestions" mah={380} style={{ overflowY: 'auto' }}>
              {items.map((item) => {
                const { icon: Icon, label } = KINDS[item.kind];
                return (
                  <Combobox.Option key={`${item.kind}:${item.slug}`} value={`${item.kind}:${item.slug}`}>
                    <Group gap="sm" wrap="nowrap">
                      <Icon size={16} color="var(--mantine-color-gray-5)" aria-hidden />
                      <Text size="sm" truncate flex={1}>
                        {item.label}
                      </Text>
                      {label && (
                        <Text size="xs" c="dimmed">
                          {label}
                        </Text>
                      )}
                    </Group>
                  </Combobox.Option>
                );
              })}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
      </form>
    </Box>
  );
}
