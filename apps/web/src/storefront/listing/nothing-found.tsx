import { Button, Stack } from '@mantine/core';
import { IconBoxOff } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useCategoryTree } from '../../app/hooks.ts';
import { ButtonLink } from '../../ui/links.tsx';
import { NothingHere } from '../../ui/states.tsx';
import { ActiveFilters } from './active-filters.tsx';
import classes from './listing.module.css';

type ActiveFiltersProps = Parameters<typeof ActiveFilters>[0];

interface NothingFoundProps extends Pick<ActiveFiltersProps, 'active' | 'onChange'> {
  title: string;
  /** For words that were typed. */
  isSearch: boolean;
  onClear: () => void;
}

/** An empty shelf, with the way on: filters to take away, else the departments of the shop. */
export function NothingFound({ title, isSearch, active, onChange, onClear }: NothingFoundProps) {
  const isFiltered = active.length > 0;
  const other = isSearch
    ? 'Check the spelling, try fewer words, or look around here.'
    : 'Have a look at another shelf.';
  return (
    <NothingHere
      icon={<IconBoxOff size={44} stroke={1.3} />}
      title={title}
      description={isFiltered ? 'Take a filter away to see more.' : other}
    >
      {isFiltered ? (
        <Stack align="center" gap="lg">
          <ActiveFilters active={active} onChange={onChange} />
          <Button onClick={onClear}>Clear all filters</Button>
        </Stack>
      ) : (
        <Departments />
      )}
    </NothingHere>
  );
}

function Departments() {
  const { data: tree } = useCategoryTree();
  return (
    <Stack align="center" gap="lg">
      <nav className={classes['ways']} aria-label="Departments">
        {tree?.items.map(({ id, slug, name }) => (
          <Link key={id} to="/c/$slug" params={{ slug }} className={classes['chip']}>
            {name}
          </Link>
        ))}
      </nav>
      <ButtonLink to="/products">All products</ButtonLink>
    </Stack>
  );
}
