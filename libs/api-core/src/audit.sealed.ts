/** Values that an entry may carry besides its fixed fields: ids, counts and choices; no personal data. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | Date | readonly string[]>>;

/** What happened, for the audit log. No personal data but ids, address and user agent. */
export type AuditEntry = {
  /** A procedure's path for what administrators do, else a fact in the past tense like `login.failed`. */
  action: string;
  actor: { kind: 'user' | 'system' | 'guest'; id?: string | undefined };
  /** What it was done to. */
  target?: { kind: string; id: string } | undefined;
  /** `unknown`: it was begun, and whether it was done is not known. */
  outcome: 'ok' | 'refused' | 'unknown';
  ip?: string | undefined;
  userAgent?: string | undefined;
  sessionId?: string | undefined;
  requestId?: string | undefined;
  details?: AuditDetails | undefined;
};

/** What became of an action that was begun. */
export type AuditResult = { outcome: AuditEntry['outcome']; details?: AuditDetails | undefined };

/** The audit log as calls need it. Both reject when nothing can be written: then nothing is done or answered either. */
export type AuditTrail = {
  append(entry: AuditEntry): Promise<void>;
  /**
   * Notes what is about to be done, so that no crash can hide it; the returned function writes the entry once it is known
   * what became of it. It never rejects: what can't be written then is written later, with an unknown outcome.
   */
  begin(action: Omit<AuditEntry, 'outcome'>): Promise<(result: AuditResult) => Promise<void>>;
};
