import { Input, UnstyledButton } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { useCategoryTree } from '../../app/hooks.ts';
import { categoryPath } from '../../lib/category-path.ts';
import classes from './facets.module.css';

interface CategoryFacetProps {
  /** The slug of the one that is chosen. */
  selected: string | undefined;
  /** How many products each would leave, by slug; those that would leave none are missing. Undefined: nobody knows. */
  counts: ReadonlyMap<string, number> | undefined;
  onSelect: (slug: string | undefined) => void;
}

/** The categories below the chosen one, the way up from it, or those at the top. */
export function CategoryFacet({ selected, counts, onSelect }: CategoryFacetProps) {
  const { data } = useCategoryTree();
  const tree = data?.items ?? [];
  const path = selected === undefined ? [] : categoryPath(tree, selected);
  const current = path.at(-1);
  const next = (current?.children ?? tree).filter(({ slug }) => counts === undefined || counts.has(slug));
  if (tree.length === 0 || (current === undefined && next.length === 0)) return null;
  const up = path.slice(0, -1);
  return (
    <Input.Wrapper label="Category" component="div" role="group" aria-label="Category">
      <div>
        {current !== undefined && <Entry name="All categories" up onClick={() => onSelect(undefined)} />}
        {up.map(({ slug, name }) => (
          <Entry key={slug} name={name} up onClick={() => onSelect(slug)} />
        ))}
        {current !== undefined && (
          <Entry name={current.name} count={counts?.get(current.slug)} current onClick={() => onSelect(current.slug)} />
        )}
        <div className={current === undefined ? undefined : classes['below']}>
          {next.map(({ slug, name }) => (
            <Entry key={slug} name={name} count={counts?.get(slug)} onClick={() => onSelect(slug)} />
          ))}
        </div>
      </div>
    </Input.Wrapper>
  );
}

function Entry({
  name,
  count,
  up = false,
  current = false,
  onClick,
}: {
  name: string;
  count?: number | undefined;
  up?: boolean;
  current?: boolean;
  onClick: () => void;
}) {
  return (
    <UnstyledButton className={classes['category']} aria-current={current} onClick={onClick}>
      <span className={classes['name']}>
        {up && <IconChevronLeft size={13} aria-hidden />} {name}
      </span>
      {count !== undefined && <span className={classes['count']}>{count}</span>}
    </UnstyledButton>
  );
}
