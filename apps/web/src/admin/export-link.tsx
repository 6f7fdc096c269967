import { Button } from '@mantine/core';
import type { ButtonProps } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTick } from '../ui/use-tick.ts';

/** An address of a file is good for five minutes: later a click asks for another one first. */
const ADDRESS_MS = 4 * 60_000;

interface ExportLinkProps extends Pick<ButtonProps, 'size'> {
  status: Pick<
    UseQueryResult<{ url?: string | undefined; expiresAt: Date }, unknown>,
    'data' | 'error' | 'dataUpdatedAt' | 'refetch' | 'isFetching'
  >;
  children: ReactNode;
}

/** Downloads an export that is done; nothing before, and once its file is gone. */
export function ExportLink({ status, size, children }: ExportLinkProps) {
  const now = useTick(60_000);
  const { data, error, dataUpdatedAt, refetch, isFetching } = status;
  if (data?.url === undefined || error !== null || data.expiresAt <= now) return null;
  return (
    <Button
      component="a"
      href={data.url}
      download
      {...(size === undefined ? {} : { size })}
      leftSection={<IconDownload size={16} />}
      loading={isFetching}
      onClick={(event) => {
        if (Date.now() - dataUpdatedAt < ADDRESS_MS) return;
        event.preventDefault();
        void refetch().then((answer) => {
          if (answer.isSuccess && answer.data.url !== undefined) window.location.assign(answer.data.url);
        });
      }}
    >
      {children}
    </Button>
  );
}
