import { SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconFiles } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTrpc } from '../../app/shop-context.tsx';
import { Page } from '../../ui/page.tsx';
import { ErrorState, NothingHere } from '../../ui/states.tsx';
import { Pager } from '../pager.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';
import { UploadCard } from './upload-card.tsx';

const route = getRouteApi('/admin/uploads');

const VIEWS = [
  { value: 'all', label: 'All' },
  { value: 'ready', label: 'Ready' },
  { value: 'rejected', label: 'Refused' },
] as const;

/** All files that were uploaded, the newest first. */
export function AdminUploadsPage() {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useCursorPages(show ?? 'all');
  const cursor = pages.cursor === undefined ? {} : { cursor: pages.cursor };
  const uploads = useQuery(
    useTrpc().admin.uploads.list.queryOptions(
      { ...(show === undefined ? {} : { state: show }), ...cursor, limit: 20 },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  const items = uploads.data?.items ?? [];
  return (
    <Page title="Files">
      <Stack gap="md">
        <SegmentedControl
          aria-label="Which files"
          w="fit-content"
          data={[...VIEWS]}
          value={show ?? 'all'}
          onChange={(value) =>
            void navigate({ search: value === 'all' ? {} : { show: value === 'ready' ? 'ready' : 'rejected' } })
          }
        />
        {uploads.isPending && <Skeleton h={420} role="status" aria-label="Loading files" />}
        {uploads.isError && !uploads.data && (
          <ErrorState error={uploads.error} onRetry={() => void uploads.refetch()} />
        )}
        {uploads.data && items.length === 0 && (
          <NothingHere
            icon={<IconFiles size={44} stroke={1.3} />}
            title="No files"
            description="Pictures are added on the page of a product."
          />
        )}
        {items.length > 0 && (
          <Stack gap="sm" style={{ opacity: uploads.isPlaceholderData ? 0.6 : 1 }}>
            {items.map((upload) => (
              <UploadCard key={upload.uploadId} upload={upload} />
            ))}
          </Stack>
        )}
        <Pager pages={pages} nextCursor={uploads.data?.nextCursor ?? null} busy={uploads.isPlaceholderData} />
      </Stack>
    </Page>
  );
}
