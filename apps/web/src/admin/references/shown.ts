/** Which brands or categories a page shows. */
export type Shown = 'living' | 'removed';

export const SHOWN: { value: Shown; label: string }[] = [
  { value: 'living', label: 'In the shop' },
  { value: 'removed', label: 'Removed' },
];
