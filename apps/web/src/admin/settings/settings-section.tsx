import { Group, Paper, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { RouterOutputs } from '@cartwright/sdk';
import { notifyError } from '../../app/hooks.ts';
import { useTrpc } from '../../app/shop-context.tsx';

export type Settings = RouterOutputs['admin']['settings']['get'];
export type Method = RouterOutputs['admin']['shipping']['methods']['list']['items'][number];
export type TaxClass = RouterOutputs['admin']['tax']['classes']['list']['items'][number];
export type TaxRate = RouterOutputs['admin']['tax']['rates']['list']['items'][number];

/** One card of the settings. */
export function SettingsSection(props: {
  id: string;
  title: string;
  text: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  const { id, title, text, action, children } = props;
  return (
    <Paper p="lg" component="section" aria-labelledby={id} style={{ overflowX: 'auto' }}>
      <Group justify="space-between" align="flex-start" mb="md">
        <div>
          <Title order={2} size="h3" id={id}>
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {text}
          </Text>
        </div>
        {action}
      </Group>
      {children}
    </Paper>
  );
}

/** What follows a change of any setting: all of them are read anew. Failures without a form to stand in are told aside. */
export function useSettingsChanged(onDone?: () => void) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  return {
    onSuccess: async () => {
      const { settings, shipping, tax } = trpc.admin;
      await Promise.all([settings, shipping, tax].map((branch) => queryClient.invalidateQueries(branch.pathFilter())));
      onDone?.();
    },
    ...(onDone ? {} : { onError: notifyError }),
  };
}
