-- The vendor's own pools. A messaging service is a pool, and so is a proxy service: what is only theirs stands here.

-- Senders of a pool that are no numbers: names that texts come from, and senders of other channels.
create table pool_senders (
  account_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  kind text not null check (kind in ('alpha', 'destination_alpha', 'channel')),
  sender text,
  country text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index pool_senders_by_pool on pool_senders (account_id, pool_id, kind, born) where deleted_at is null;

-- Two persons who text each other through numbers of a pool, neither knowing the other's. While it is open it is the
-- thread of its two pairs; opened again it has a new one.
create table proxy_sessions (
  account_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  thread_id uuid not null,
  unique_name text,
  status text not null check (status in ('open', 'in-progress', 'closed', 'failed', 'unknown')),
  closed_reason text,
  mode text not null check (mode in ('message-only', 'voice-only', 'voice-and-message')),
  ttl_s integer not null check (ttl_s >= 0),
  expires_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  last_interaction_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
) with (fillfactor = 85);
create index proxy_sessions_by_service on proxy_sessions (account_id, service_id, born) where deleted_at is null;
create unique index proxy_sessions_name_key on proxy_sessions (account_id, service_id, unique_name)
  where unique_name is not null and deleted_at is null;
create index proxy_sessions_open on proxy_sessions (account_id, service_id, id)
  where ended_at is null and deleted_at is null;

create table proxy_participants (
  account_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  service_id uuid not null,
  friendly_name text,
  identifier text not null,
  proxy_identifier text not null,
  number_id uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index proxy_participants_by_session on proxy_participants (account_id, session_id, born) where deleted_at is null;

-- One text from one to the other, or from the service to one. state: 'asking' while an app may still block it.
create table proxy_interactions (
  account_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  service_id uuid not null,
  state text not null check (state in ('asking', 'relayed', 'blocked', 'dropped')),
  body text not null,
  media json,
  call_id uuid,
  inbound_participant_id uuid,
  inbound_sms_id uuid,
  outbound_participant_id uuid,
  outbound_sms_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index proxy_interactions_by_session on proxy_interactions (account_id, session_id, born) where deleted_at is null;
create index proxy_interactions_by_call on proxy_interactions (account_id, call_id) where state = 'asking';
