import { Divider, Drawer, Skeleton, Stack } from '@mantine/core';
import { IconBell, IconHome, IconLayoutDashboard, IconPackage, IconUser } from '@tabler/icons-react';
import { NavLink as Collapsible } from '@mantine/core';
import { useCategoryTree } from '../../app/hooks.ts';
import { useSession } from '../../app/shop-context.tsx';
import { SideLink } from '../../ui/links.tsx';

interface MobileDrawerProps {
  opened: boolean;
  onClose: () => void;
}

/** The menu of narrow screens: categories to unfold, then the account. */
export function MobileDrawer({ opened, onClose }: MobileDrawerProps) {
  const { data: tree } = useCategoryTree();
  const session = useSession();
  const isStaff = session !== null && session.user.role !== 'customer';
  return (
    <Drawer opened={opened} onClose={onClose} title="Menu" size={320} hiddenFrom="md">
      <Stack gap={2} component="nav" aria-label="Menu">
        <SideLink
          to="/"
          label="Home"
          leftSection={<IconHome size={18} />}
          onClick={onClose}
          activeOptions={{ exact: true }}
        />
        {!tree && [1, 2, 3, 4].map((key) => <Skeleton key={key} h={36} my={4} />)}
        {tree?.items.map((category) => (
          <Collapsible key={category.id} label={category.name} component="button" childrenOffset={16}>
            <SideLink to="/c/$slug" params={{ slug: category.slug }} label={`All ${category.name}`} onClick={onClose} />
            {category.children.map((child) => (
              <SideLink
                key={child.id}
                to="/c/$slug"
                params={{ slug: child.slug }}
                label={child.name}
                onClick={onClose}
              />
            ))}
          </Collapsible>
        ))}
        <SideLink to="/products" label="All products" onClick={onClose} />
        <Divider my="sm" />
        {session ? (
          <>
            <SideLink to="/orders" label="Your orders" leftSection={<IconPackage size={18} />} onClick={onClose} />
            <SideLink to="/account" label="Your account" leftSection={<IconUser size={18} />} onClick={onClose} />
            <SideLink
              to="/account/notifications"
              label="Notifications"
              leftSection={<IconBell size={18} />}
              onClick={onClose}
            />
            {isStaff && (
              <SideLink
                to="/admin"
                label="Dashboard"
                leftSection={<IconLayoutDashboard size={18} />}
                onClick={onClose}
              />
            )}
          </>
        ) : (
          <SideLink to="/sign-in" label="Sign in" leftSection={<IconUser size={18} />} onClick={onClose} />
        )}
      </Stack>
    </Drawer>
  );
}
