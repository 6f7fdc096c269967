/** The error types of the Stripe API that the stand-in answers with. */
export type ApiErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

export interface ApiErrorFields {
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: object;
}

/** A refusal in the shape Stripe gives it: HTTP status, type, message and the optional machine-readable fields. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: ApiErrorType;
  readonly fields: ApiErrorFields;
  /** False when the request was refused before its endpoint began; such answers are not kept for idempotent replay. */
  readonly replayable: boolean;

  constructor(status: number, type: ApiErrorType, message: string, fields: ApiErrorFields = {}, replayable = true) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.type = type;
    this.fields = fields;
    this.replayable = replayable;
  }

  /** The JSON body sent to the client. */
  toBody(): { error: object } {
    return { error: { ...this.fields, message: this.message, type: this.type } };
  }
}

/** A request that is well-formed but can't be carried out (400). */
export function refused(message: string, fields: ApiErrorFields = {}): ApiError {
  return new ApiError(400, 'invalid_request_error', message, fields);
}

/** A parameter that doesn't parse (400); nothing began, so the idempotency key stays free. */
export function invalidParameter(message: string, param: string, code?: string): ApiError {
  return new ApiError(400, 'invalid_request_error', message, { ...(code ? { code } : {}), param }, false);
}

/** An id that names nothing (404, or 400 when it was named by a parameter). */
export function noSuch(kind: string, id: string, param = 'id'): ApiError {
  const status = param === 'id' ? 404 : 400;
  return new ApiError(status, 'invalid_request_error', `No such ${kind}: '${id}'`, { code: 'resource_missing', param });
}
