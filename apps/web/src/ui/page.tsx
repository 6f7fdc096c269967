import { Container, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useShopConfig } from '../app/hooks.ts';

interface PageProps {
  /** Stands in the browser's tab, and as the heading unless `heading` says otherwise. */
  title: string;
  /** Replaces the heading; null for pages that draw their own. */
  heading?: ReactNode;
  /** Above the heading: the way here. */
  breadcrumbs?: ReactNode;
  description?: ReactNode;
  /** Beside the heading, at the right. */
  actions?: ReactNode;
  size?: number;
  children: ReactNode;
}

/** The frame of a page: tab title, heading, width and rhythm. */
export function Page({ title, heading, breadcrumbs, description, actions, size = 1240, children }: PageProps) {
  const { data: config } = useShopConfig();
  useDocumentTitle(`${title} · ${config?.shopName ?? 'Cartwright'}`);
  return (
    <Container size={size} py={{ base: 'lg', sm: 'xl' }} px={{ base: 'md', sm: 'lg' }}>
      {breadcrumbs}
      {heading !== null && (
        <Group justify="space-between" align="flex-end" mb="lg" gap="md">
          <Stack gap={4}>
            <Title order={1}>{heading ?? title}</Title>
            {description && <Text c="dimmed">{description}</Text>}
          </Stack>
          {actions}
        </Group>
      )}
      {children}
    </Container>
  );
}
