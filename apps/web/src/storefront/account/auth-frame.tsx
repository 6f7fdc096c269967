import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';

interface AuthFrameProps {
  title: string;
  description: string;
  children: ReactNode;
}

/** The narrow card of the sign-in pages. */
export function AuthFrame({ title, description, children }: AuthFrameProps) {
  return (
    <Page title={title} heading={null} size={480}>
      <Paper p={{ base: 'lg', sm: 36 }} mt={{ base: 0, sm: 'xl' }}>
        <Stack gap="lg">
          <div>
            <Title order={1} size="h2">
              {title}
            </Title>
            <Text c="dimmed" size="sm" mt={4}>
              {description}
            </Text>
          </div>
          {children}
        </Stack>
      </Paper>
    </Page>
  );
}
