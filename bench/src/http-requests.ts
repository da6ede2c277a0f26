type Headers = Readonly<Record<string, string>>;

/** The text of a request (RFC 9112) with a bearer token and, if given, a JSON body. */
export const requestText = (
  line: `${'GET' | 'POST'} /${string}`,
  token: string,
  body?: object,
  headers: Headers = {},
): string => {
  const content = body === undefined ? '' : JSON.stringify(body);
  const all: Headers = {
    host: 'localhost',
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(content.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${line} HTTP/1.1\r\n${lines.join('')}\r\n${content}`;
};
