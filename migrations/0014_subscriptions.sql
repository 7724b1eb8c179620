-- Who is told of what happens in the inbox: programs that a user subscribed, at a URL or over a WebSocket.
-- expires_at is world time. A WebSocket's subscription lives with its session instead: alive_until, in machine time, is
-- moved on while a connection stands; connection_id says which one has the session now. Deleted ones stay a while, so
-- that every node learns of it by their version.
create table subscriptions (
  account_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  client_id text not null,
  transport text not null check (transport in ('webhook', 'websocket')),
  filters jsonb not null,
  extension_id bigint not null,
  address text,
  verification_token bytea,
  status text not null check (status in ('active', 'blacklisted')),
  failures integer not null default 0,
  blacklisted_at timestamptz,
  blacklist_reason text,
  session_id uuid,
  connection_id uuid,
  alive_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  timer_at timestamptz,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id),
  check ((transport = 'webhook') = (address is not null)),
  check ((transport = 'websocket') = (session_id is not null))
);
create index subscriptions_by_user on subscriptions (account_id, user_id, client_id, born) where deleted_at is null;
create index subscriptions_changed on subscriptions (account_id, version);
create index subscriptions_by_timer on subscriptions (account_id, timer_at) where timer_at is not null;
create index subscriptions_by_session on subscriptions (account_id, session_id) where session_id is not null;

-- The subscription that a call is made for; its address and its token are looked up when it is made.
alter table calls add column subscription_id uuid;

-- Users whose grants changed, in order: they handle a queue now, or no longer. The row of a handler who is removed is gone.
create table grant_changes (
  account_id uuid not null,
  version bigint not null,
  user_id uuid not null,
  at timestamptz not null,
  primary key (account_id, version)
);
