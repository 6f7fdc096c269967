import { Container, Grid, ScrollArea } from '@mantine/core';
import {
  IconBell,
  IconDatabaseExport,
  IconDevices,
  IconHeart,
  IconHome,
  IconMapPin,
  IconShieldLock,
  IconUser,
} from '@tabler/icons-react';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { SideLink } from '../../ui/links.tsx';
import classes from './account-layout.module.css';

const PAGES = [
  { to: '/account', label: 'Overview', Icon: IconHome, exact: true },
  { to: '/account/profile', label: 'Profile and password', Icon: IconUser, exact: false },
  { to: '/account/wishlist', label: 'Wishlist', Icon: IconHeart, exact: false },
  { to: '/account/addresses', label: 'Addresses', Icon: IconMapPin, exact: false },
  { to: '/account/security', label: 'Security', Icon: IconShieldLock, exact: false },
  { to: '/account/sessions', label: 'Devices', Icon: IconDevices, exact: false },
  { to: '/account/notifications', label: 'Notifications', Icon: IconBell, exact: false },
  { to: '/account/data', label: 'Your data', Icon: IconDatabaseExport, exact: false },
] as const;

/** The frame of the account's pages: their navigation beside them, above them on a phone. */
export function AccountLayout() {
  const rail = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    // On a phone the page one is on may stand beyond the edge.
    rail.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <Container size={1160} px={{ base: 0, sm: 'lg' }}>
      <Grid gap={{ base: 0, md: 'lg' }}>
        <Grid.Col span={{ base: 12, md: 3 }}>
          <ScrollArea type="never" className={classes['rail']}>
            <nav ref={rail} aria-label="Your account" className={classes['links']}>
              {PAGES.map(({ to, label, Icon, exact }) => (
                <SideLink
                  key={to}
                  to={to}
                  label={label}
                  leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
                  activeOptions={{ exact }}
                  activeProps={{ active: true, 'aria-current': 'page' }}
                  className={classes['link']}
                />
              ))}
            </nav>
          </ScrollArea>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 9 }}>
          <Outlet />
        </Grid.Col>
      </Grid>
    </Container>
  );
}
