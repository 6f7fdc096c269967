import { Group } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { ButtonLink } from './links.tsx';
import { Page } from './page.tsx';
import { NothingHere } from './states.tsx';

/** The 403 page: signed in, but not as somebody who may be here. */
export function ForbiddenPage() {
  return (
    <Page title="Not allowed" heading={null} size={720}>
      <NothingHere
        titleOrder={1}
        icon={<IconLock size={44} stroke={1.3} />}
        title="This door is for the shop’s staff"
        description="You are signed in, but your account has no access to the dashboard. Sign in with a staff account, or go back to the shop."
      >
        <Group gap="sm">
          <ButtonLink to="/">Back to the shop</ButtonLink>
          <ButtonLink to="/account" variant="default">
            Your account
          </ButtonLink>
        </Group>
      </NothingHere>
    </Page>
  );
}
