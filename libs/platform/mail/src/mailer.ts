import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';

export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** Names this mail for good, like `order.paid:<order id>`: sent again, it carries the same Message-ID. */
  messageKey: string;
}

export interface Mailer {
  /** Resolves when the mail server took the mail; rejects when it could not be reached or refused it. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 20_000;

/** Sends mails through an SMTP server, over a few pooled connections. */
export function createMailer(options: { smtpUrl: string; from: string }): Mailer {
  const { smtpUrl, from } = options;
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: 3,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: IDLE_TIMEOUT_MS,
    // Nothing in a mail may make the server read a file or fetch an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, html, messageKey }) {
      await transport.sendMail({
        from: singleLine(from),
        // An object is taken as one address; a string would be parsed as a list of them.
        to: { name: '', address: addressOf(to) },
        subject: singleLine(subject),
        text,
        html,
        messageId: messageIdOf(messageKey, from),
      });
    },
    close: () => transport.close(),
  };
}

/** Headers end at a line break, so nothing written by others may bring one. */
function singleLine(value: string): string {
  return value.replaceAll(/[\r\n\u2028\u2029]+/g, ' ').trim();
}

function addressOf(to: string): string {
  if (!/^[^\s<>,;:"]+@[^\s<>,;:"]+$/.test(to)) throw new Error('A mail must be sent to exactly one address.');
  return to;
}

/** The same key gives the same id, so mail programs can show a mail once that was sent twice. */
function messageIdOf(messageKey: string, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
  return `<${createHash('sha256').update(messageKey).digest('hex').slice(0, 40)}@${domain}>`;
}
