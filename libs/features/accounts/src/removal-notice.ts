/** A user asked for the removal of the account. */
export interface RemovalNotice {
  readonly askedAt: Date;
  /** From then on the account is deleted; until then the user may think better of it. */
  readonly dueAt: Date;
}
