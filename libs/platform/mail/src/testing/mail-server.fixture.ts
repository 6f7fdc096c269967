import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string;
  readonly messageId: string;
  readonly source: string;
}

/** How the server answers a recipient: an SMTP reply code, or nothing to take the mail. */
export type Answer = (to: string) => number | undefined;

/** A mail server that takes what it is told to take. */
export async function startMailServer(options: { port?: number; answer?: Answer } = {}) {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onRcptTo({ address }, _session, callback) {
      const code = options.answer?.(address);
      if (code === undefined) callback();
      else callback(Object.assign(new Error(`not now, ${address}`), { responseCode: code }));
    },
    onData(stream, session, callback) {
      let source = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (source += chunk));
      stream.on('end', () => {
        const [, messageId = ''] = /^Message-ID: (.*)$/im.exec(source) ?? [];
        received.push({ to: session.envelope.rcptTo[0]?.address ?? '', messageId, source });
        callback();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    received,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
