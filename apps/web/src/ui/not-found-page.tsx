import { Group } from '@mantine/core';
import { IconCompass } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ButtonLink } from './links.tsx';
import { Page } from './page.tsx';
import { NothingHere } from './states.tsx';

interface NotFoundPageProps {
  title?: string;
  description?: string;
  /** Where to go from here; the shop and its products unless it says so. */
  ways?: ReactNode;
}

/** The 404 page, for unknown addresses and for things that are gone. */
export function NotFoundPage({
  title = 'This page took another road',
  description = 'The address may be mistyped, or what was here is gone.',
  ways = (
    <>
      <ButtonLink to="/">Back to the shop</ButtonLink>
      <ButtonLink to="/products" variant="default">
        See all products
      </ButtonLink>
    </>
  ),
}: NotFoundPageProps) {
  return (
    <Page title="Not found" heading={null} size={720}>
      <NothingHere titleOrder={1} icon={<IconCompass size={44} stroke={1.3} />} title={title} description={description}>
        <Group gap="sm" justify="center">
          {ways}
        </Group>
      </NothingHere>
    </Page>
  );
}
