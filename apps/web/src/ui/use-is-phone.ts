import { useMediaQuery } from '@mantine/hooks';

/** Whether there is no room for a table's columns: below the width from which `visibleFrom="sm"` shows something. */
export const useIsPhone = (): boolean =>
  useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
