import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { MessageStore } from './message-store.ts';

const MAX_BYTES = 10_000_000;

/** Takes every mail that is handed in, without authentication, and delivers it to nobody. */
export async function listenSmtp(options: { host: string; port: number; store: MessageStore }) {
  const { host, port, store } = options;
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    size: MAX_BYTES,
    disableReverseLookup: true,
    closeTimeout: 1000,
    onData(stream, session, callback) {
      simpleParser(stream)
        .then((mail) => {
          store.add({
            from: mail.from?.text ?? '',
            to: session.envelope.rcptTo.map(({ address }) => address.toLowerCase()),
            subject: mail.subject ?? '',
            messageId: mail.messageId ?? null,
            text: mail.text ?? '',
            html: mail.html === false ? null : (mail.html ?? null),
          });
          callback();
        })
        .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error))));
    },
  });
  // Clients that hang up in the middle are none of our business.
  server.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const address = server.server.address() as AddressInfo;
  return {
    url: `smtp://${host}:${address.port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
