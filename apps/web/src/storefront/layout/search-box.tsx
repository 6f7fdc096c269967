import { Box, CloseButton, Combobox, TextInput, useCombobox } from '@mantine/core';
import type { MantineBreakpoint } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTrpc } from '../../app/shop-context.tsx';
import { SuggestionOption, suggestionKey } from './suggestion-option.tsx';

interface SearchBoxProps {
  className?: string | undefined;
  visibleFrom?: MantineBreakpoint;
  hiddenFrom?: MantineBreakpoint;
}

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

  const searchFor = (text: string) => {
    combobox.closeDropdown();
    if (text.trim() !== '') void navigate({ to: '/search', search: { q: text.trim() } });
  };
  const choose = (option: string) => {
    combobox.closeDropdown();
    const item = items.find((candidate) => suggestionKey(candidate) === option);
    if (!item) return searchFor(value);
    if (item.kind === 'query') {
      setValue(item.label);
      return searchFor(item.label);
    }
    setValue('');
    if (item.kind === 'product') return void navigate({ to: '/p/$slug', params: { slug: item.slug } });
    if (item.kind === 'category') return void navigate({ to: '/c/$slug', params: { slug: item.slug } });
    return void navigate({ to: '/b/$slug', params: { slug: item.slug } });
  };

  return (
    <Box component="search" className={className} {...visibility}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          searchFor(value);
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
              {items.map((item) => (
                <Combobox.Option key={suggestionKey(item)} value={suggestionKey(item)}>
                  <SuggestionOption item={item} />
                </Combobox.Option>
              ))}
            </Combobox.Options>
          </Combobox.Dropdown>
        </Combobox>
      </form>
    </Box>
  );
}
