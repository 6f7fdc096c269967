import { Box, Burger, Container } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconShoppingBag } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useCart, useCategoryTree } from '../../app/hooks.ts';
import { NotificationBell } from '../../notifications/notification-bell.tsx';
import { CountBadge } from '../../ui/count-badge.tsx';
import { IconLink } from '../../ui/links.tsx';
import { Logo } from '../../ui/logo.tsx';
import { AccountMenu } from './account-menu.tsx';
import { CategoryMenu } from './category-menu.tsx';
import { MobileDrawer } from './mobile-drawer.tsx';
import { SearchBox } from './search-box.tsx';
import classes from './layout.module.css';

/** Logo, search, notifications, account and cart; the categories below on wide screens, in a drawer on narrow ones. */
export function Header() {
  const [drawer, { open, close }] = useDisclosure(false);
  return (
    <header className={classes['header']}>
      <Container px={{ base: 'md', sm: 'lg' }}>
        <div className={classes['bar']}>
          <Burger opened={drawer} onClick={open} hiddenFrom="md" size="sm" aria-label="Open the menu" />
          <Link to="/" className={classes['brand']} aria-label="Cartwright, to the home page">
            <Logo /> <span>Cartwright</span>
          </Link>
          <SearchBox className={classes['search']} visibleFrom="md" />
          <div className={classes['actions']} style={{ marginLeft: 'auto' }}>
            <NotificationBell />
            <AccountMenu />
            <CartLink />
          </div>
        </div>
        <SearchBox className={classes['searchRow']} hiddenFrom="md" />
        <CategoryRow />
      </Container>
      <MobileDrawer opened={drawer} onClose={close} />
    </header>
  );
}

function CartLink() {
  const { data: cart } = useCart();
  const count = cart?.itemCount ?? 0;
  return (
    <CountBadge count={count} data-testid="cart-badge">
      <IconLink
        to="/cart"
        variant="subtle"
        color="gray"
        c="gray.9"
        size={42}
        aria-label={count === 0 ? 'Cart, empty' : `Cart, ${count} ${count === 1 ? 'item' : 'items'}`}
      >
        <IconShoppingBag size={23} stroke={1.6} />
      </IconLink>
    </CountBadge>
  );
}

function CategoryRow() {
  const { data: tree } = useCategoryTree();
  return (
    <Box component="nav" className={classes['navRow']} visibleFrom="md" aria-label="Categories">
      <CategoryMenu categories={tree?.items ?? []} />
      <div className={classes['navLinks']}>
        {(tree?.items ?? []).map((category) => (
          <Link key={category.id} to="/c/$slug" params={{ slug: category.slug }} className={classes['navLink']}>
            {category.name}
          </Link>
        ))}
      </div>
    </Box>
  );
}
