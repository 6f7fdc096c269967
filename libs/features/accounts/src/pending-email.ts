/** An address that a user wants to have, until it is confirmed. */
export interface PendingEmail {
  readonly email: string;
  readonly askedAt: Date;
}
