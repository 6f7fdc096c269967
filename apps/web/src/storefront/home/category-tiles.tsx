import { Skeleton, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { categoryIcon } from './category-icon.ts';
import classes from './home.module.css';

/** The departments of the shop with something to buy; undefined while they are on their way. */
export function CategoryTiles({
  categories,
}: {
  categories: RouterOutputs['catalog']['home']['categories'] | undefined;
}) {
  if (categories?.length === 0) return null;
  return (
    <Stack component="section" gap="lg" aria-labelledby="departments">
      <Title order={2} id="departments">
        Departments
      </Title>
      <div className={classes['tiles']} style={columns(categories?.length ?? 0)}>
        {!categories && Array.from({ length: 8 }, (_, index) => <Skeleton key={index} h={132} />)}
        {categories?.map((category) => {
          const Icon = categoryIcon(category.slug);
          return (
            <Link key={category.id} to="/c/$slug" params={{ slug: category.slug }} className={classes['tile']}>
              <span className={classes['tileIcon']}>
                <Icon size={22} stroke={1.6} aria-hidden />
              </span>
              <span>
                <Text component="span" display="block" fw={650}>
                  {category.name}
                </Text>
                <Text component="span" size="xs" c="dimmed">
                  {category.productCount} {category.productCount === 1 ? 'product' : 'products'}
                </Text>
              </span>
            </Link>
          );
        })}
      </div>
    </Stack>
  );
}

/** Five in a row when that leaves no gap, else four. */
const columns = (count: number) => ({ '--tile-columns': count > 0 && count % 5 === 0 ? 5 : 4 }) as CSSProperties;
