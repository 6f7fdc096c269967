/**
 * The API as it is but for the look at the session of each call, for measuring what that look costs. A token is verified
 * as ever, and what its session said the first time is believed for good. A program of the benchmark, and of nothing
 * else.
 */
import { startApiServer } from '@cartwright/api';
import { composeShop, runHost, type Composition } from '@cartwright/composition';

function withoutLooking({ authenticate, readToken }: Composition): Composition['authenticate'] {
  const believed = new Map<string, ReturnType<typeof authenticate>>();
  return async (accessToken) => {
    const owner = await readToken(accessToken);
    if (!owner) return authenticate(accessToken);
    const known = believed.get(owner.sessionId) ?? authenticate(accessToken);
    believed.set(owner.sessionId, known);
    return known;
  };
}

await runHost(process.env, async (config) => {
  const shop = await composeShop(config, { name: 'api' });
  const api = await startApiServer({ ...shop, authenticate: withoutLooking(shop) });
  return {
    ready: api.url,
    close: async () => {
      await api.close();
      await shop.close();
    },
  };
});
