import { Container, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useCategoryTree, useShopConfig } from '../../app/hooks.ts';
import { useSession } from '../../app/shop-context.tsx';
import { Logo } from '../../ui/logo.tsx';
import classes from './layout.module.css';

/** Where the page ends: the shop in a sentence and the ways on. */
export function Footer() {
  const { data: config } = useShopConfig();
  const { data: tree } = useCategoryTree();
  const session = useSession();
  const link = classes['footerLink'];
  return (
    <footer className={classes['footer']}>
      <Container px={{ base: 'md', sm: 'lg' }}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="xl">
          <Stack gap="xs" maw={280}>
            <Group gap={10} c="pine.8">
              <Logo size={26} />
              <Text fw={700}>{config?.shopName ?? 'Cartwright'}</Text>
            </Group>
            <Text size="sm" c="dimmed">
              Things made to be used, with the stock you see and the price you pay told plainly.
            </Text>
          </Stack>
          <Stack gap={8} component="nav" aria-label="Shop">
            <Text size="sm" fw={650}>
              Shop
            </Text>
            {tree?.items.slice(0, 5).map((category) => (
              <Link key={category.id} to="/c/$slug" params={{ slug: category.slug }} className={link}>
                {category.name}
              </Link>
            ))}
            <Link to="/products" className={link}>
              All products
            </Link>
          </Stack>
          <Stack gap={8} component="nav" aria-label="Your account">
            <Text size="sm" fw={650}>
              You
            </Text>
            <Link to="/cart" className={link}>
              Cart
            </Link>
            <Link to="/orders" className={link}>
              Orders
            </Link>
            {!session && (
              <Link to="/find-order" className={link}>
                Find an order
              </Link>
            )}
            <Link to={session ? '/account' : '/sign-in'} className={link}>
              {session ? 'Account' : 'Sign in'}
            </Link>
          </Stack>
          <Stack gap={8}>
            <Text size="sm" fw={650}>
              Good to know
            </Text>
            <Text size="sm" c="dimmed">
              {config ? (config.taxMode === 'inclusive' ? 'Prices include tax.' : 'Tax is added at checkout.') : ' '}
            </Text>
            <Text size="sm" c="dimmed">
              {config
                ? `Pay by ${config.paymentMethods.map((method) => method.label.toLowerCase()).join(' or ')}.`
                : ' '}
            </Text>
          </Stack>
        </SimpleGrid>
      </Container>
    </footer>
  );
}
