import createClient, { type Middleware } from 'openapi-fetch';
import { endedSession, session } from '../shell/session.js';
import type { paths } from './generated/schema.js';
import { forgetPositions, minPosition, notePosition } from './positions.js';
import { ApiProblem, problemOf, unreachable } from './problem.js';
import { clearTrouble, slowRequests } from './trouble.js';

const SLOW_AFTER_MS = 3_000;
const DEADLINE_MS = 20_000;

/** Sends a request; throws the problem `unreachable` where no answer comes, or not all of it. */
const send = async (request: Request): Promise<Response> => {
  let isSlow = false;
  const slow = setTimeout(() => {
    isSlow = true;
    slowRequests.set(slowRequests.get() + 1);
  }, SLOW_AFTER_MS);
  try {
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const answer = await fetch(request, { signal });
    const body = await answer.arrayBuffer();
    return new Response(body.byteLength === 0 ? null : body, answer);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw unreachable();
  } finally {
    clearTimeout(slow);
    if (isSlow) slowRequests.set(slowRequests.get() - 1);
  }
};

const positionIn = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'position' in body && typeof body.position === 'string'
    ? body.position
    : undefined;

const bearer = (token: string): string => `Bearer ${token}`;

const refuse = async (request: Request, response: Response): Promise<never> => {
  const problem = await problemOf(response);
  // A late answer may be to a token that another one has taken the place of.
  const isOfThisSession = request.headers.get('authorization') === bearer(session.get()?.token ?? '');
  if (problem.status === 401 && isOfThisSession) endedSession();
  if (problem.code === 'position-of-another-log') forgetPositions();
  if (!problem.isPassing) clearTrouble();
  throw problem;
};

const ours: Middleware = {
  onRequest: ({ request }) => {
    const { token } = session.get() ?? {};
    if (token !== undefined) request.headers.set('authorization', bearer(token));
    const position = request.method === 'GET' ? minPosition() : undefined;
    if (position === undefined) return request;
    const url = new URL(request.url);
    url.searchParams.set('minPosition', position);
    return new Request(url, request);
  },
  onResponse: async ({ request, response }) => {
    if (!response.ok) return refuse(request, response);
    clearTrouble();
    if (request.method === 'GET') return response;
    // Of a copy: a body can be read once.
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => {
        throw unreachable();
      });
    const position = positionIn(body);
    if (position !== undefined) notePosition(position);
    return response;
  },
};

/** The API, by the types of its document. Whatever is no success is thrown as an ApiProblem. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: send, cache: 'no-store' });
api.use(ours);

/** What an answer holds. */
export const dataOf = async <T>(answer: Promise<{ readonly data?: T }>): Promise<T> => {
  const { data } = await answer;
  if (data !== undefined) return data;
  throw new ApiProblem({ status: -1, code: 'internal', title: 'The answer was empty', detail: 'Reload the page.' });
};
