import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';

interface SearchFieldProps {
  label: string;
  initial: string;
  /** Told when the typing pauses; undefined when nothing is left. */
  onSearch: (query: string | undefined) => void;
}

/** What to search a list for. */
export function SearchField({ label, initial, onSearch }: SearchFieldProps) {
  const [value, setValue] = useState(initial);
  const search = useDebouncedCallback((text: string) => onSearch(text.trim() || undefined), 300);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      flex={1}
      miw={200}
      maw={380}
      maxLength={100}
      value={value}
      onChange={({ currentTarget }) => {
        setValue(currentTarget.value);
        search(currentTarget.value);
      }}
    />
  );
}
