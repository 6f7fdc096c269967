import { Button, Checkbox, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import classes from './facets.module.css';

/** One choice of a facet. */
export interface FacetOption {
  readonly value: string;
  /** What it is called; searched in where there are many. */
  readonly name: string;
  /** What is shown instead of the name. */
  readonly label?: ReactNode;
  /** How many products it leaves; undefined while nobody knows. */
  readonly count?: number | undefined;
}

interface FacetProps {
  readonly title: string;
  readonly options: readonly FacetOption[];
}

/** More than these are shown on demand, and searched in when they are really many. */
const SHOWN = 7;
const SEARCHED_FROM = 14;

/** Several values, one of which a product must have. */
export function ManyFacet({
  title,
  options,
  selected,
  onToggle,
}: FacetProps & { selected: readonly string[]; onToggle: (value: string) => void }) {
  return (
    <Checkbox.Group label={title} value={[...selected]}>
      <Shortened options={options} selected={selected}>
        {(option) => (
          <Checkbox
            key={option.value}
            value={option.value}
            size="sm"
            label={<OptionLabel option={option} />}
            classNames={{ body: classes['option'], labelWrapper: classes['grow'] }}
            onChange={() => onToggle(option.value)}
          />
        )}
      </Shortened>
    </Checkbox.Group>
  );
}

/** One value at most; `any` stands for none. */
export function OneFacet({
  title,
  options,
  any,
  selected,
  onSelect,
}: FacetProps & {
  any: string;
  selected: string | undefined;
  onSelect: (value: string | undefined) => void;
}) {
  const look = { size: 'sm', classNames: { body: classes['option'], labelWrapper: classes['grow'] } } as const;
  return (
    <Radio.Group label={title} value={selected ?? ''} onChange={(value) => onSelect(value === '' ? undefined : value)}>
      <Shortened
        options={options}
        selected={selected === undefined ? [] : [selected]}
        first={<Radio value="" label={any} {...look} />}
      >
        {(option) => (
          <Radio key={option.value} value={option.value} label={<OptionLabel option={option} />} {...look} />
        )}
      </Shortened>
    </Radio.Group>
  );
}

/** The first options and those that are chosen; all of them on demand. */
function Shortened({
  options,
  selected,
  first,
  children,
}: {
  options: readonly FacetOption[];
  selected: readonly string[];
  first?: ReactNode;
  children: (option: FacetOption) => ReactNode;
}) {
  const [all, setAll] = useState(false);
  const [words, setWords] = useState('');
  const long = options.length > SHOWN + 1;
  const shown = options.filter(
    ({ value, name }, index) =>
      selected.includes(value) ||
      (all ? name.toLowerCase().includes(words.trim().toLowerCase()) : !long || index < SHOWN),
  );
  return (
    <Stack gap={10} pt={6}>
      {all && options.length >= SEARCHED_FROM && (
        <TextInput
          size="xs"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          placeholder="Find"
          aria-label="Find in this list"
        />
      )}
      {first}
      <div className={all ? classes['scroll'] : undefined}>
        <Stack gap={10}>{shown.map(children)}</Stack>
      </div>
      {long && (
        <Button
          variant="subtle"
          size="compact-xs"
          w="fit-content"
          aria-expanded={all}
          onClick={() => {
            setAll(!all);
            setWords('');
          }}
        >
          {all ? 'Show fewer' : `Show all ${options.length}`}
        </Button>
      )}
    </Stack>
  );
}

function OptionLabel({ option: { name, label, count } }: { option: FacetOption }) {
  return (
    <Group component="span" gap={8} wrap="nowrap" justify="space-between">
      <span className={classes['name']}>{label ?? name}</span>
      {count !== undefined && <span className={classes['count']}>{count}</span>}
    </Group>
  );
}
