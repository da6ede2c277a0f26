import { Problem } from '../operation/problem.js';

/** Challenges of RFC 6750, section 3. A request without a token is told no error code. */
const challenge = 'Bearer realm="keyledger"';

export const tokenMissing = (): Problem =>
  new Problem('unauthenticated', 'Send a token in the header "Authorization: Bearer <token>".', [], {
    'WWW-Authenticate': challenge,
  });

/** `detail` says what is wrong and what to do, in ASCII without quotes. It never holds any of the token. */
export const tokenRefused = (detail: string): Problem =>
  new Problem('unauthenticated', detail, [], {
    'WWW-Authenticate': `${challenge}, error="invalid_token", error_description="${detail}"`,
  });
