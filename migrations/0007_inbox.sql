-- The shared inbox: queues that own numbers, the users who handle them, what they note, who assigned what to whom, and
-- how users sign in (RingCentral's message threads and OAuth).

-- What owns a number together: a call queue, a site, or the main site.
create table queues (
  account_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('queue', 'site', 'main_site')),
  name text not null,
  closes_after_ms bigint not null,
  anyone_reassigns boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index queues_by_born on queues (account_id, born);
create index numbers_by_queue on numbers (account_id, queue_id) where queue_id is not null and released_at is null;

-- Users who see a queue's threads and may be assigned them. Who is none any more has no row; sync tokens carry the set.
create table handlers (
  account_id uuid not null,
  queue_id uuid not null,
  user_id uuid not null,
  added_at timestamptz not null,
  primary key (account_id, queue_id, user_id)
);
create index handlers_by_user on handlers (account_id, user_id);

-- The decimal ids by which RingCentral's clients know users and queues.
create table extensions (
  account_id uuid not null,
  id bigint not null,
  kind text not null check (kind in ('user', 'queue')),
  owner_id uuid not null,
  extension_number text not null,
  is_admin boolean not null default false,
  created_at timestamptz not null,
  deleted_at timestamptz,
  born bigint not null,
  primary key (account_id, id)
);
create unique index extensions_owner_key on extensions (account_id, owner_id);
create unique index extensions_number_key on extensions (account_id, extension_number) where deleted_at is null;
create index extensions_by_born on extensions (account_id, born);

-- What users sign in with. Passwords by argon2id, JWT credentials as SHA-256. Times are machine time.
create table logins (
  account_id uuid not null,
  user_id uuid not null,
  password_hash text,
  jwt_hash bytea,
  failures integer not null default 0,
  locked_until timestamptz,
  primary key (account_id, user_id)
);
create unique index logins_jwt_key on logins (account_id, jwt_hash) where jwt_hash is not null;

-- Programs that users sign in with.
create table oauth_clients (
  account_id uuid not null,
  client_id text not null,
  secret bytea not null,
  redirect_uris text[] not null default '{}',
  created_at timestamptz not null,
  primary key (account_id, client_id)
);

-- A sign-in: one access and one refresh token at a time, kept as SHA-256. For a short while the refresh token before
-- still counts and is answered with the same pair again, which is kept sealed under that earlier token.
create table oauth_sessions (
  account_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  client_id text not null,
  is_public boolean not null,
  scope text not null,
  endpoint_id text,
  access_hash bytea not null,
  access_expires_at timestamptz not null,
  access_used_at timestamptz,
  refresh_hash bytea not null,
  refresh_expires_at timestamptz not null,
  earlier_refresh_hash bytea,
  sealed_pair bytea,
  refreshed_at timestamptz not null,
  created_at timestamptz not null,
  primary key (account_id, id)
);
create unique index oauth_sessions_access_key on oauth_sessions (account_id, access_hash);
create unique index oauth_sessions_refresh_key on oauth_sessions (account_id, refresh_hash);
create index oauth_sessions_earlier on oauth_sessions (account_id, earlier_refresh_hash)
  where earlier_refresh_hash is not null;
create index oauth_sessions_by_user on oauth_sessions (account_id, user_id, refresh_expires_at);

-- Short-lived tokens that stand for something: an authorization code, the right to open a WebSocket.
create table oauth_tickets (
  account_id uuid not null,
  hash bytea not null,
  kind text not null check (kind in ('code', 'websocket')),
  user_id uuid not null,
  session_id uuid,
  facts jsonb not null,
  expires_at timestamptz not null,
  primary key (account_id, hash)
);
create index oauth_tickets_expired on oauth_tickets (account_id, expires_at);

-- What handlers note to each other on a thread; guests never see it.
create table notes (
  account_id uuid not null,
  id uuid not null,
  thread_id uuid not null,
  queue_id uuid not null,
  author_id uuid not null,
  text text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index notes_by_thread on notes (account_id, thread_id, born);
create index notes_by_queue on notes (account_id, queue_id, born);
create index notes_changed on notes (account_id, version);

-- Lines of a thread's history: opened, assigned, resolved, deleted. initiator_id is null for what the house did.
-- previous_id is who was assigned until then, so that a reader can tell whose the thread was at any version.
create table hints (
  account_id uuid not null,
  version bigint not null,
  id uuid not null,
  thread_id uuid not null,
  queue_id uuid not null,
  kind text not null check (kind in ('created', 'assigned', 'resolved', 'deleted')),
  initiator_id uuid,
  assignee_id uuid,
  previous_id uuid,
  at timestamptz not null,
  primary key (account_id, version)
);
create index hints_by_thread on hints (account_id, thread_id, version);

-- Lists of a queue's threads and messages run by the date that is shown and filtered by. Deleted threads lie apart, so
-- that a queue which deletes all it has done does not walk over its tombstones.
drop index threads_by_queue;
create index threads_by_queue on threads (account_id, queue_id, created_at, born)
  where queue_id is not null and deleted_at is null;
create index threads_open_by_queue on threads (account_id, queue_id, created_at, born)
  where queue_id is not null and deleted_at is null and state <> 'closed';
create index threads_deleted_by_queue on threads (account_id, queue_id, created_at, born)
  where queue_id is not null and deleted_at is not null;
create index threads_by_guest on threads (account_id, person, created_at, born) where queue_id is not null;
create index messages_by_queue on messages (account_id, queue_id, created_at, born) where queue_id is not null;
create index messages_by_born on messages (account_id, born) where queue_id is not null;
