import { ActionIcon, Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconBell, IconLayoutDashboard, IconLogout, IconPackage, IconUser } from '@tabler/icons-react';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useSignOut } from '../../app/hooks.ts';
import { useSession } from '../../app/shop-context.tsx';
import type { Session } from '../../app/shop-context.tsx';
import { ButtonLink, IconLink } from '../../ui/links.tsx';

/** Sign in, or what a signed-in person can go to. */
export function AccountMenu() {
  const session = useSession();
  const { href, pathname } = useLocation();
  if (session) return <SignedIn user={session.user} />;
  const next = pathname === '/sign-in' || pathname === '/register' || pathname === '/' ? {} : { next: href };
  return (
    <>
      <ButtonLink to="/sign-in" search={next} variant="subtle" color="gray" c="gray.9" size="sm" visibleFrom="sm">
        Sign in
      </ButtonLink>
      <IconLink
        to="/sign-in"
        search={next}
        variant="subtle"
        color="gray"
        c="gray.9"
        size={42}
        hiddenFrom="sm"
        aria-label="Sign in"
      >
        <IconUser size={23} stroke={1.6} />
      </IconLink>
    </>
  );
}

function SignedIn({ user }: { user: Session['user'] }) {
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (
    <Menu width={230} position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={42}
          aria-label={`Account of ${user.name}`}
          data-testid="account-menu"
        >
          <Avatar name={user.name} color="pine" size={32} radius="xl" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <UnstyledButton component="div" px="sm" py={6}>
          <Text size="sm" fw={600} truncate>
            {user.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {user.email}
          </Text>
        </UnstyledButton>
        <Menu.Divider />
        <Menu.Item leftSection={<IconPackage size={16} />} onClick={() => navigate({ to: '/orders' })}>
          Your orders
        </Menu.Item>
        <Menu.Item leftSection={<IconUser size={16} />} onClick={() => navigate({ to: '/account' })}>
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconBell size={16} />} onClick={() => navigate({ to: '/account/notifications' })}>
          Notifications
        </Menu.Item>
        {user.role !== 'customer' && (
          <Menu.Item leftSection={<IconLayoutDashboard size={16} />} onClick={() => navigate({ to: '/admin' })}>
            Dashboard
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()} disabled={signOut.isPending}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
