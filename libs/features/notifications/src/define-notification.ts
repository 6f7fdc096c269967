import type { MailShop, MailTemplate, NewMail } from '@cartwright/platform-mail';
import { anyMail, type AnyMailTemplate } from '@cartwright/platform-mail';
import type { DeliveredEvent, EventDefinition } from '@cartwright/platform-outbox';
import type { z } from 'zod';
import type { Channel, NotificationData } from './notifications.contracts.ts';

/** Whether a channel is on by default, and whether customers may switch it. */
export interface ChannelPolicy {
  readonly default: boolean;
  readonly switchable: boolean;
}

/** What an event comes to for one user. */
export interface Notice {
  readonly userId: string;
  /** What it is about, unique among notices of its type, like an order's id: it is told once. */
  readonly about: string;
  readonly title: string;
  readonly body: string;
  /** A path in the shop. */
  readonly link?: string;
  readonly data: NotificationData;
}

/** A notice with the mail that tells of it. */
export interface Told {
  readonly notice: Notice;
  readonly mail?: Omit<NewMail, 'key'>;
}

/** A type of notification: what it comes of, how it reads, and where it goes. */
export interface NotificationDefinition {
  /** What preferences call it. */
  readonly label: string;
  readonly event: EventDefinition;
  /** Channels it can take; one that is absent is never used. */
  readonly channels: { readonly [Name in Channel]?: ChannelPolicy };
  readonly template?: AnyMailTemplate;
  /** Null when there is nothing to tell. */
  tell(event: DeliveredEvent, shop: MailShop): Told | null;
}

/** Defines a type of notification with its mail. */
export function defineNotification<Event extends EventDefinition, Data extends z.ZodType>(definition: {
  label: string;
  event: Event;
  channels: NotificationDefinition['channels'];
  template: MailTemplate<string, Data>;
  tell(event: DeliveredEvent<Event>, shop: MailShop): (Notice & { mail: { to: string; data: z.input<Data> } }) | null;
}): NotificationDefinition {
  const { label, event, channels, template } = definition;
  return {
    label,
    event,
    channels,
    template: anyMail(template),
    tell(delivered, shop) {
      // Handlers get the event parsed by its definition.
      const told = definition.tell(delivered as DeliveredEvent<Event>, shop);
      if (!told) return null;
      const { mail, ...notice } = told;
      return { notice, mail: { template, ...mail } };
    },
  };
}

/** Defines a type that is stored alone: its mail is written by the feature that it comes of, or there is none. */
export function defineStoredNotification<Event extends EventDefinition>(definition: {
  label: string;
  event: Event;
  channels: Pick<NotificationDefinition['channels'], 'in_app'>;
  tell(event: DeliveredEvent<Event>): Notice | null;
}): NotificationDefinition {
  const { label, event, channels } = definition;
  return {
    label,
    event,
    channels,
    tell(delivered) {
      const notice = definition.tell(delivered as DeliveredEvent<Event>);
      return notice && { notice };
    },
  };
}
