import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconArrowLeft,
  IconBinaryTree2,
  IconChartBar,
  IconFiles,
  IconHistory,
  IconMessageStar,
  IconBox,
  IconPackage,
  IconScale,
  IconSettings,
  IconStack2,
  IconTag,
  IconTicket,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';
import { Link, Outlet } from '@tanstack/react-router';
import { useSession } from '../app/shop-context.tsx';
import { NotificationBell } from '../notifications/notification-bell.tsx';
import { ForbiddenPage } from '../ui/forbidden-page.tsx';
import { SideLink } from '../ui/links.tsx';
import { Logo } from '../ui/logo.tsx';
import { AccountMenu } from '../storefront/layout/account-menu.tsx';
import { StorefrontLayout } from '../storefront/layout/storefront-layout.tsx';
import { OrderActivityProvider } from './order-activity.tsx';
import { ReturnsWaiting } from './orders/returns-waiting.tsx';
import classes from '../storefront/layout/layout.module.css';

/** The dashboard's frame; customers get the 403 page inside the shop's. The API decides again on each call. */
export function AdminLayout() {
  const session = useSession();
  if (!session) return null;
  if (session.user.role === 'customer') {
    return (
      <StorefrontLayout>
        <ForbiddenPage />
      </StorefrontLayout>
    );
  }
  return (
    <OrderActivityProvider>
      <Dashboard sections={SECTIONS.filter(({ isForAll }) => isForAll || session.user.role === 'admin')} />
    </OrderActivityProvider>
  );
}

const SECTIONS = [
  { to: '/admin', label: 'Overview', Icon: IconChartBar, exact: true, isForAll: false },
  { to: '/admin/orders', label: 'Orders', Icon: IconPackage, exact: false, isForAll: true },
  { to: '/admin/products', label: 'Products', Icon: IconBox, exact: false, isForAll: true },
  { to: '/admin/categories', label: 'Categories', Icon: IconBinaryTree2, exact: false, isForAll: true },
  { to: '/admin/brands', label: 'Brands', Icon: IconTag, exact: false, isForAll: true },
  { to: '/admin/reviews', label: 'Reviews', Icon: IconMessageStar, exact: false, isForAll: true },
  { to: '/admin/coupons', label: 'Coupons', Icon: IconTicket, exact: false, isForAll: false },
  { to: '/admin/uploads', label: 'Files', Icon: IconFiles, exact: false, isForAll: false },
  { to: '/admin/users', label: 'Users', Icon: IconUsers, exact: false, isForAll: false },
  { to: '/admin/audit', label: 'Audit log', Icon: IconHistory, exact: false, isForAll: false },
  { to: '/admin/webhooks', label: 'Webhooks', Icon: IconWebhook, exact: false, isForAll: false },
  { to: '/admin/reconciliation', label: 'Reconciliation', Icon: IconScale, exact: false, isForAll: false },
  { to: '/admin/jobs', label: 'Jobs', Icon: IconStack2, exact: false, isForAll: false },
  { to: '/admin/settings', label: 'Settings', Icon: IconSettings, exact: false, isForAll: false },
] as const;

function Dashboard({ sections }: { sections: readonly (typeof SECTIONS)[number][] }) {
  const [menu, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell header={{ height: 60 }} navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !menu } }}>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={menu}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={menu ? 'Close the menu' : 'Open the menu'}
            />
            <Link to="/admin" className={classes['brand']} aria-label="Cartwright dashboard">
              <Logo size={26} />
              <span>Cartwright</span>
            </Link>
            <Text size="sm" c="dimmed" visibleFrom="xs">
              Dashboard
            </Text>
          </Group>
          <Group gap={6} wrap="nowrap">
            <NotificationBell />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="nav" aria-label="Dashboard">
        <AppShell.Section grow>
          {sections.map(({ to, label, Icon, exact }) => (
            <SideLink
              key={to}
              to={to}
              label={label}
              leftSection={<Icon size={19} stroke={1.6} aria-hidden />}
              rightSection={to === '/admin/orders' ? <ReturnsWaiting /> : null}
              activeOptions={{ exact, includeSearch: false }}
              activeProps={{ active: true, fw: 600 }}
              onClick={close}
              bdrs="sm"
              mb={2}
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <SideLink
            to="/"
            label="To the shop"
            leftSection={<IconArrowLeft size={19} stroke={1.6} aria-hidden />}
            bdrs="sm"
          />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
