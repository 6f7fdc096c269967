import { Button, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconMenu2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { RouterOutputs } from '@cartwright/sdk';
import classes from './layout.module.css';

type Categories = RouterOutputs['catalog']['categories']['tree']['items'];

/** Every category at a glance, in columns below one button. */
export function CategoryMenu({ categories }: { categories: Categories }) {
  const [opened, { toggle, close, set }] = useDisclosure(false);
  return (
    <Popover opened={opened} onChange={set} width={880} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          c="gray.9"
          size="compact-sm"
          onClick={toggle}
          leftSection={<IconMenu2 size={16} />}
          rightSection={<IconChevronDown size={14} />}
          style={{ flex: '0 0 auto' }}
        >
          Shop
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="lg">
        <div className={classes['menuColumns']}>
          {categories.map((category) => (
            <div key={category.id}>
              <Link to="/c/$slug" params={{ slug: category.slug }} className={classes['menuHead']} onClick={close}>
                {category.name}
              </Link>
              <ul>
                {category.children.map((child) => (
                  <li key={child.id}>
                    <Link to="/c/$slug" params={{ slug: child.slug }} className={classes['menuItem']} onClick={close}>
                      {child.name}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <div>
            <Link to="/products" className={classes['menuHead']} onClick={close}>
              All products
            </Link>
          </div>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
