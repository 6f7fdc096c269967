import { Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useSession, useTrpc } from '../../app/shop-context.tsx';
import { formatDateTime } from '../../lib/dates.ts';
import { compact } from '../../lib/search-params.ts';
import { movedWords, movementOrder, movementWords } from '../../lib/stock-words.ts';
import type { StockMovement } from '../../lib/stock-words.ts';
import { TextLink } from '../../ui/links.tsx';
import { PagedList } from '../paged-list.tsx';
import { useCursorPages } from '../use-cursor-pages.ts';

/** How the stock of a version came about, the newest first: what, why, when, and by whom. */
export function StockMovements({ variantId }: { variantId: string }) {
  const trpc = useTrpc();
  const pages = useCursorPages(variantId);
  const movements = useQuery(
    trpc.admin.products.stockMovements.queryOptions(
      { variantId, limit: 10, ...compact({ cursor: pages.cursor }) },
      { placeholderData: keepPreviousData, staleTime: 0 },
    ),
  );
  return (
    <PagedList list={movements} pages={pages} loading="Loading what happened">
      {movements.data?.items.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing happened yet.
        </Text>
      ) : (
        <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {movements.data?.items.map((movement) => (
            <Movement key={movement.id} movement={movement} />
          ))}
        </Stack>
      )}
    </PagedList>
  );
}

function Movement({ movement }: { movement: StockMovement }) {
  const { at, by, reason } = movement;
  const orderId = movementOrder(movement);
  return (
    <li data-testid="stock-movement">
      <Text size="sm">
        {orderId === undefined ? (
          movementWords(movement)
        ) : (
          <TextLink to="/admin/orders/$orderId" params={{ orderId }} size="sm">
            {movementWords(movement)}
          </TextLink>
        )}
        {reason !== undefined && `: ${reason}`}
      </Text>
      <Text size="xs" c="dimmed" className="cw-numeric" style={{ overflowWrap: 'anywhere' }}>
        {movedWords(movement)} · {formatDateTime(at)} · <By userId={by} />
      </Text>
    </li>
  );
}

/** Who did it. Only administrators may look people up. */
function By({ userId }: { userId: string | undefined }) {
  const session = useSession();
  if (userId === undefined) return 'by the shop';
  if (userId === session?.user.id) return 'by you';
  if (session?.user.role !== 'admin') return 'by a colleague';
  return (
    <TextLink to="/admin/users/$userId" params={{ userId }} size="xs">
      by a colleague
    </TextLink>
  );
}
