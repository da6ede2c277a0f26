/** A JSON object as it came over the wire. */
export type Json = Readonly<Record<string, unknown>>;

export interface HttpReply<T = Json> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else empty. */
  readonly body: T;
  readonly text: string;
}

export interface HttpOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RawRequest extends HttpOptions {
  readonly method: string;
  /** Path with query, sent exactly as it stands. */
  readonly path: string;
  /** Sent as it is, without a content-type of its own. */
  readonly body?: string | Uint8Array;
}

const parsed = (text: string, contentType: string | null): unknown =>
  /\bjson\b/.test(contentType ?? '') ? (JSON.parse(text) as unknown) : {};

const headersOf = (token: string | undefined, headers: Readonly<Record<string, string>>): Record<string, string> =>
  token === undefined ? { ...headers } : { authorization: `Bearer ${token}`, ...headers };

/** The server went away before it had answered: nobody knows what became of the request. */
export class ConnectionLost extends Error {}

const answerTo = async (url: string, request: RequestInit): Promise<{ response: Response; text: string }> => {
  try {
    const response = await fetch(url, request);
    return { response, text: await response.text() };
  } catch (error) {
    throw new ConnectionLost(`${request.method} ${url} was not answered.`, { cause: error });
  }
};

/** Speaks HTTP with the server at `baseUrl`. */
export class HttpClient {
  constructor(readonly baseUrl: string) {}

  /** Throws ConnectionLost where there is no whole answer. */
  async raw<T = Json>({ method, path, token, headers = {}, body }: RawRequest): Promise<HttpReply<T>> {
    // Text would make fetch add a content-type.
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const request = { method, headers: headersOf(token, headers), body: bytes };
    const { response, text } = await answerTo(this.baseUrl + path, request);
    const { status, headers: replied } = response;
    return { status, headers: replied, body: parsed(text, replied.get('content-type')) as T, text };
  }

  send<T = Json>(method: string, path: string, body: unknown, options: HttpOptions = {}): Promise<HttpReply<T>> {
    if (body === undefined) return this.raw<T>({ method, path, ...options });
    const headers = { 'content-type': 'application/json', ...options.headers };
    return this.raw<T>({ method, path, ...options, headers, body: JSON.stringify(body) });
  }

  get<T = Json>(path: string, options?: HttpOptions): Promise<HttpReply<T>> {
    return this.send('GET', path, undefined, options);
  }

  post<T = Json>(path: string, body?: unknown, options?: HttpOptions): Promise<HttpReply<T>> {
    return this.send('POST', path, body, options);
  }

  put<T = Json>(path: string, body?: unknown, options?: HttpOptions): Promise<HttpReply<T>> {
    return this.send('PUT', path, body, options);
  }

  patch<T = Json>(path: string, body?: unknown, options?: HttpOptions): Promise<HttpReply<T>> {
    return this.send('PATCH', path, body, options);
  }

  delete<T = Json>(path: string, body?: unknown, options?: HttpOptions): Promise<HttpReply<T>> {
    return this.send('DELETE', path, body, options);
  }
}
