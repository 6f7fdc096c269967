import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './app/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { notifications } from '@mantine/notifications';
import { browserTokenStorage, createCartwright } from '@cartwright/sdk';
import { createReactBindings } from '@cartwright/sdk/react';
import { App } from './app/app.tsx';
import { createQueryClient } from './app/query-client.ts';
import { createAppRouter } from './app/router.ts';
import { createStepUpPrompt } from './app/step-up.ts';
import { loadWebConfig } from './app/web-config.ts';
import { wordsForReason } from './lib/reasons.ts';

async function start(root: HTMLElement): Promise<void> {
  const { apiUrl, demoAccounts } = await loadWebConfig();
  const stepUp = createStepUpPrompt();
  const shop = createCartwright({
    url: apiUrl,
    storage: browserTokenStorage(),
    onSignedOut: (reason) => notifications.show({ color: 'clay', message: wordsForReason(reason), autoClose: 8_000 }),
    onStepUp: stepUp.ask,
    // A little longer than nginx waits, whose answer says more.
    timeoutMs: 35_000,
  });
  // The page guards ask who is signed in, so stored tokens are read before the first page.
  await shop.session.ready();
  const queryClient = createQueryClient();
  const context = { shop, trpc: createReactBindings(shop, queryClient), apiUrl, demoAccounts, stepUp };
  const router = createAppRouter({ shop });
  createRoot(root).render(
    <StrictMode>
      <App context={context} queryClient={queryClient} router={router} />
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) {
  start(root).catch((error: unknown) => {
    console.error(error);
    root.textContent = 'The shop could not start. Please reload this page in a moment.';
  });
}
