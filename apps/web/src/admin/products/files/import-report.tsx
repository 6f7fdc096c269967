import { Progress, Stack, Table, Text } from '@mantine/core';
import { importWords, isOver, type ImportReportData } from './import-words.ts';

const SHOWN = 20;

/** How far an import is, or what came of it, with the first problems by line. */
export function ImportReport({ report }: { report: ImportReportData }) {
  const { state, products, applied, errors, errorCount } = report;
  const isWrong = state === 'refused' || state === 'failed' || errorCount > 0;
  return (
    <Stack gap="sm">
      <Text size="sm" role="status" c={isOver(report) && isWrong ? 'red.8' : ''}>
        {importWords(report)}
      </Text>
      {state === 'applying' && <Progress value={(applied / Math.max(1, products)) * 100} aria-label="Imported" />}
      {errors.length > 0 && (
        <div style={{ overflowX: 'auto' }}>
          <Table verticalSpacing={6} fz="sm" aria-label="Problems">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Line</Table.Th>
                <Table.Th>Column</Table.Th>
                <Table.Th>What is wrong</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {errors.slice(0, SHOWN).map(({ line, column, message }, place) => (
                <Table.Tr key={place} data-testid="import-problem">
                  <Table.Td>{line}</Table.Td>
                  <Table.Td>{column}</Table.Td>
                  <Table.Td>{message}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {errorCount > SHOWN && (
        <Text size="xs" c="dimmed">
          {`And ${errorCount - SHOWN} more.`}
        </Text>
      )}
    </Stack>
  );
}
