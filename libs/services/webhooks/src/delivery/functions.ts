/** The job that sends what is due for one endpoint. Its key is the endpoint's id, so that one waits at a time. */
export const TASK = 'drain';

/** Schemas of what is sent and of the job queue. */
export interface Schemas {
  readonly webhooks: string;
  readonly queue: string;
}

/**
 * The transaction need not be on disk when it is answered. For what keeps who is at work: a database that forgets it
 * has crashed, and then all begin anew. Commits that notify come one after the other, and would each wait for the disk.
 */
export const UNHURRIED = "set_config('synchronous_commit', 'off', true)";

/** Asks for a job for each of these endpoints that nobody drains. */
const wake = ({ webhooks, queue }: Schemas): string => `
  create or replace function ${webhooks}.wake(ids uuid[]) returns void language plpgsql as $$
  declare
    specs ${queue}.job_spec[];
  begin
    select array_agg(('${TASK}', json_build_object('endpointId', idle.endpoint_id), null, now(), 25::smallint,
        idle.endpoint_id::text, 0::smallint, null)::${queue}.job_spec) into specs
      from (select endpoint_id from (
        select endpoint_id, owner from ${webhooks}.endpoints where endpoint_id = any(ids) order by endpoint_id for share
      ) locked where owner is null order by endpoint_id) idle;
    if specs is not null then perform ${queue}.add_jobs(specs); end if;
  end $$;`;

/** Stores the messages that are new with their deliveries, and answers with their ids. */
const accept = ({ webhooks }: Schemas): string => `
  create or replace function ${webhooks}.accept(
    ids uuid[], accounts uuid[], types text[], sources text[], payloads bytea[], times timestamptz[],
    keys bytea[], bodies bytea[], positions text[],
    to_messages uuid[], to_endpoints uuid[], states text[]
  ) returns setof uuid language plpgsql as $$
  declare
    fresh uuid[];
  begin
    with given as (
      select * from unnest(ids, keys, bodies, positions, times) as t (id, key, body, position, at)
    ), first_of_key as (
      insert into ${webhooks}.requests (key_hash, body_hash, message_id, position, created_at)
      select key, body, id, position, at from given where key is not null order by key
      on conflict do nothing returning message_id
    ) select array_agg(id) into fresh from given
      where key is null or exists (select from first_of_key where message_id = id);
    with stored as (
      insert into ${webhooks}.messages (message_id, account_id, type, source, payload, created_at)
      select * from unnest(ids, accounts, types, sources, payloads, times) as t (id) where id = any(fresh) order by id
      on conflict do nothing returning message_id
    ) select array_agg(message_id) into fresh from stored;
    if fresh is null then return; end if;
    insert into ${webhooks}.endpoints (endpoint_id, account_id)
      select distinct endpoint, account from unnest(to_messages, to_endpoints) as t (message, endpoint)
      join unnest(ids, accounts) as m (id, account) on id = message where message = any(fresh) order by endpoint
      on conflict do nothing;
    insert into ${webhooks}.deliveries (message_id, endpoint_id, account_id, state, created_at, next_attempt_at)
      select message, endpoint, account, state, at, case when state = 'pending' then at end
      from unnest(to_messages, to_endpoints, states) as t (message, endpoint, state)
      join unnest(ids, accounts, times) as m (id, account, at) on id = message where message = any(fresh);
    perform ${webhooks}.wake(array(
      select endpoint from unnest(to_messages, to_endpoints, states) as t (message, endpoint, state)
      where state = 'pending' and message = any(fresh)));
    return query select unnest(fresh);
  end $$;`;

/**
 * Ends a drain, and asks for a job when something is due. It comes after what waits already: jobs are taken by their
 * time, and one with a time long ago would pass all others.
 */
const release = ({ webhooks, queue }: Schemas): string => `
  create or replace function ${webhooks}.release(endpoint uuid, drainer uuid, earliest timestamptz) returns void
  language plpgsql as $$
  declare
    next timestamptz;
  begin
    perform ${UNHURRIED};
    update ${webhooks}.endpoints set owner = null where endpoint_id = endpoint and owner = drainer;
    if not found then return; end if;
    select min(soonest) into next from unnest(array[false, true]) as again, lateral (
      select next_attempt_at as soonest from ${webhooks}.deliveries
      where endpoint_id = endpoint and state = 'pending' and (failures > 0) = again
      order by next_attempt_at limit 1) delivery;
    if next is not null then
      perform ${queue}.add_job('${TASK}', json_build_object('endpointId', endpoint),
        run_at => greatest(next, earliest, now()), job_key => endpoint::text);
    end if;
  end $$;`;

/** Makes deliveries of a message pending, whatever they are, or there for the first time. */
const resend = ({ webhooks }: Schemas): string => `
  create or replace function ${webhooks}.resend(message uuid, account uuid, ids uuid[], due timestamptz) returns void
  language plpgsql as $$
  begin
    insert into ${webhooks}.endpoints (endpoint_id, account_id) select id, account from unnest(ids) id order by id
      on conflict do nothing;
    insert into ${webhooks}.deliveries as known
      (message_id, endpoint_id, account_id, state, created_at, next_attempt_at)
      select message, id, account, 'pending', (
        select created_at from ${webhooks}.messages where message_id = message), due from unnest(ids) id order by id
      on conflict (message_id, endpoint_id) do update set state = 'pending', failures = 0, next_attempt_at = due;
    perform ${webhooks}.wake(ids);
  end $$;`;

/** Frees what processes that are gone had begun, and asks for jobs for it. */
const buryDead = ({ webhooks, queue }: Schemas): string => `
  create or replace function ${webhooks}.bury_dead() returns int language plpgsql as $$
  declare
    dead uuid[];
    freed uuid[];
    unknown_workers text[];
  begin
    with gone as (
      delete from ${webhooks}.replicas where not exists (
        select from pg_locks where locktype = 'advisory' and granted and objsubid = 1
          and database = (select oid from pg_database where datname = current_database())
          and ((classid::bigint << 32) | objid::bigint) = lock_key)
      returning replica_id
    ) select array_agg(replica_id) into dead from gone;
    with left_over as (
      update ${webhooks}.endpoints set owner = null
      where owner is not null and not exists (select from ${webhooks}.replicas where replica_id = owner)
      returning endpoint_id
    ) select array_agg(endpoint_id) into freed from left_over;
    -- A worker is known before long: one that takes a job before that is left alone.
    select array_agg(distinct locked_by) into unknown_workers from ${queue}.jobs
      where locked_by is not null and (dead is not null or locked_at < now() - interval '10 seconds')
        and not exists (select from ${webhooks}.replicas where locked_by = any(workers));
    if unknown_workers is not null then perform ${queue}.force_unlock_workers(unknown_workers); end if;
    -- Jobs that another one took the place of while they ran: their drain is over, and they are never run again.
    perform ${queue}.complete_jobs(array(
      select id from ${queue}.jobs where key is null and locked_at is null and attempts >= max_attempts));
    if freed is not null then perform ${webhooks}.wake(freed); end if;
    return coalesce(array_length(dead, 1), 0);
  end $$;`;

/**
 * Steps that must see what was committed a moment ago, so each is a function whose statements look anew.
 *
 * Who accepts messages holds a shared lock on the rows of their endpoints until the commit; who ends a drain changes
 * that row. So either the drain sees the message, or the message sees that nobody drains, and asks for a job.
 */
export const functions = (schemas: Schemas): string =>
  [wake, accept, resend, release, buryDead].map((made) => made(schemas)).join('\n');
