-- The house: accounts, their numbers, the texts on the wire, the sessions of pairs, the calls to customers' apps,
-- and the lanes by which workers find what is due.
--
-- account_id leads every key, so that the schema distributes by account unchanged. Two kinds of table stand outside:
-- lookups (they find the account) and what belongs to the server as a whole (nodes, the world clock).

create table world_clock (
  one boolean primary key default true check (one),
  offset_ms bigint not null
);
insert into world_clock (offset_ms) values (0);

-- Finds the account that owns a number or a credential: kind 'number', 'key', ...
create table lookups (
  kind text not null,
  key text not null,
  account_id uuid not null,
  primary key (kind, key)
);

-- One row an account. Locking it makes its holder the account's only writer; clock is the version last given out,
-- config_version the version of the last change to settings that nodes keep in memory.
create table clocks (
  account_id uuid primary key,
  clock bigint not null,
  config_version bigint not null default 0,
  purged_through bigint not null default 0
) with (fillfactor = 50);

create table accounts (
  account_id uuid primary key,
  parent_id uuid,
  name text not null,
  status text not null check (status in ('active', 'suspended', 'closed')),
  kind text not null default 'Full',
  auth_token bytea not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index accounts_by_parent on accounts (parent_id, created_at) where parent_id is not null;

create table api_keys (
  account_id uuid not null,
  id uuid not null,
  name text not null,
  secret bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);

create table numbers (
  account_id uuid not null,
  id uuid not null,
  number text not null,
  kind text not null check (kind in ('local', 'mobile', 'toll_free', 'short_code')),
  country text not null,
  carrier text not null,
  friendly_name text not null,
  sms_url text not null default '',
  sms_method text not null default 'POST',
  sms_fallback_url text not null default '',
  sms_fallback_method text not null default 'POST',
  status_callback text not null default '',
  status_callback_method text not null default 'POST',
  sms_application_id uuid,
  queue_id uuid,
  pool_id uuid,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  released_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create unique index numbers_number_key on numbers (account_id, number) where released_at is null;
create index numbers_by_born on numbers (account_id, born);

-- One SMS or MMS on the wire. An outbound row is its own queue entry while next_attempt_at is set.
-- listed_at places the row in lists and never changes; sent_at is when the carrier took it.
create table sms (
  account_id uuid not null,
  id uuid not null,
  direction text not null check (direction in ('in', 'out')),
  origin text not null check (origin in ('carrier', 'api', 'reply', 'thread', 'notice')),
  person text not null,
  number text,
  others text[],
  pool_id uuid,
  thread_id uuid,
  message_id uuid,
  status text not null,
  body text not null,
  segments smallint not null,
  media_count smallint not null default 0,
  carrier text,
  carrier_message_id text,
  error_code integer,
  error_message text,
  carrier_code text,
  status_callback text,
  settings jsonb,
  attempts smallint not null default 0,
  next_attempt_at timestamptz,
  valid_until timestamptz,
  created_at timestamptz not null,
  listed_at timestamptz not null,
  sent_at timestamptz,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
) with (fillfactor = 85);
create index sms_by_date on sms (account_id, listed_at, id);
create index sms_by_person on sms (account_id, person, direction, listed_at, id);
create index sms_by_number on sms (account_id, number, direction, listed_at, id);
create index sms_waiting on sms (account_id, number, born) where next_attempt_at is not null;

-- The carrier's ids of our texts: for ever, so that an inbound repeat stays a repeat after its text is purged.
create table carrier_texts (
  account_id uuid not null,
  carrier text not null,
  direction text not null,
  carrier_message_id text not null,
  sms_id uuid not null,
  primary key (account_id, carrier, direction, carrier_message_id)
);

-- Receipts whose text is not known yet: they may overtake the answer that names it.
create table parked_receipts (
  account_id uuid not null,
  carrier text not null,
  carrier_message_id text not null,
  born bigint not null,
  receipt jsonb not null,
  parked_at timestamptz not null,
  primary key (account_id, carrier, carrier_message_id, born)
);

create table media (
  account_id uuid not null,
  id uuid not null,
  sms_id uuid,
  position smallint not null,
  content_type text,
  file_name text,
  size integer,
  source_url text,
  fetched_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create index media_by_sms on media (account_id, sms_id, position);

create table media_chunks (
  account_id uuid not null,
  media_id uuid not null,
  seq integer not null,
  bytes bytea not null,
  primary key (account_id, media_id, seq)
);

-- The cookie jar of a pair. started_at changes when a text comes more than four hours after active_at;
-- cookies belong to the session that started at cookies_started_at and are void in another.
create table sessions (
  account_id uuid not null,
  person text not null,
  number text not null,
  started_at timestamptz not null,
  active_at timestamptz not null,
  cookies jsonb,
  cookies_started_at timestamptz,
  primary key (account_id, person, number)
) with (fillfactor = 70);

-- One request to a customer's app, with its result kept. Waiting while next_attempt_at is set.
-- Calls of one order_key are made one at a time, in order.
create table calls (
  account_id uuid not null,
  id uuid not null,
  kind text not null,
  lane text not null,
  order_key text not null,
  sms_id uuid,
  thread_id uuid,
  number text,
  person text,
  url text not null,
  method text not null,
  fallback_url text,
  fallback_method text,
  parameters json not null,
  session_started_at timestamptz,
  arrived_at timestamptz not null,
  attempts smallint not null default 0,
  next_attempt_at timestamptz,
  finished_at timestamptz,
  duration_ms integer,
  error_code integer,
  error_message text,
  warnings json,
  hops json,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index calls_waiting on calls (account_id, lane, born) where next_attempt_at is not null;
create index calls_by_born on calls (account_id, born);

-- Who works what. A lane is one of our numbers or 'account'; a node that stops renewing its lease loses its lanes.
create table nodes (
  id uuid primary key,
  leased_until timestamptz not null
);
create table lanes (
  account_id uuid not null,
  lane text not null,
  due_at timestamptz not null,
  node uuid,
  primary key (account_id, lane)
) with (fillfactor = 50);
create index lanes_by_due on lanes (due_at);
