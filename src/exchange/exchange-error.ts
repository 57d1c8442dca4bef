/** Whose fault it is: the client's request, the backend, or Sluice. */
export type ErrorSource = 'client' | 'upstream' | 'sluice';

/** Every error Sluice makes itself, with its status. Upstream errors pass as they are. */
export const ERROR_STATUS = {
  invalid_json: 400,
  missing_field: 400,
  invalid_value: 400,
  bad_request: 400,
  invalid_api_key: 401,
  not_found: 404,
  model_not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  body_too_large: 413,
  uri_too_long: 414,
  headers_too_large: 431,
  internal_error: 500,
  upstream_unreachable: 502,
  upstream_protocol: 502,
  no_backend: 503,
  overloaded: 503,
  draining: 503,
  store_unavailable: 503,
  upstream_timeout: 504,
} as const;

/** The `code` by which a client tells an error of Sluice from others. */
export type ErrorCode = keyof typeof ERROR_STATUS;

/** What an error may say besides its code and its message. */
export interface ExchangeErrorOptions {
  readonly source?: ErrorSource;
  /** Name of the request field at fault, for the client. */
  readonly param?: string;
  /** Headers the reply must carry, such as `allow` or `retry-after`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error of Sluice's own making, told to the client in the shape of the OpenAI API. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly source: ErrorSource;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { source, param, headers, cause }: ExchangeErrorOptions = {},
  ) {
    super(message, { cause });
    this.source = source ?? sourceOf(code);
    this.param = param ?? null;
    this.headers = headers ?? {};
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }

  /**
   * The body as OpenAI's SDKs expect it.
   *
   * @param before - members that come first
   */
  toBody(before: Readonly<Record<string, string>> = {}): string {
    return JSON.stringify({
      ...before,
      error: {
        message: this.message,
        type: typeOf(this.status),
        code: this.code,
        param: this.param,
      },
    });
  }
}

function sourceOf(code: ErrorCode): ErrorSource {
  const status = ERROR_STATUS[code];
  if (status < 500) return 'client';
  return status === 502 || status === 504 ? 'upstream' : 'sluice';
}

// OpenAI's error types: the SDKs map by status, people read the type.
function typeOf(status: number): string {
  if (status === 404) return 'not_found_error';
  if (status < 500) return 'invalid_request_error';
  if (status === 503) return 'service_unavailable';
  return status === 500 ? 'server_error' : 'upstream_error';
}
