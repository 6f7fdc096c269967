import { Stack } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { TextLink } from '../../../ui/links.tsx';
import { Page } from '../../../ui/page.tsx';
import { ExportCard } from './export-card.tsx';
import { ImportCard } from './import-card.tsx';

/** Products as files for spreadsheets, in and out. */
export function ProductFilesPage() {
  return (
    <Page
      title="Import & export"
      size={860}
      breadcrumbs={
        <TextLink to="/admin/products" size="sm">
          <IconArrowLeft size={14} aria-hidden /> Products
        </TextLink>
      }
    >
      <Stack gap="lg">
        <ImportCard />
        <ExportCard />
      </Stack>
    </Page>
  );
}
