/** How soon it is asked again how far an export is: not once it is over. Of files about people each answer is written down. */
export function exportRefetchMs({ data, error }: { data?: { state: string } | undefined; error: unknown }) {
  return error === null && (data?.state ?? 'pending') === 'pending' ? 4_000 : false;
}
