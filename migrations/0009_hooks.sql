-- Hooks: apps that are told of what happens in threads, and asked before it does.

-- A hook of one thread. settings: url, method, filters, triggers, flowSid, replayFrom.
create table thread_hooks (
  account_id uuid not null,
  id uuid not null,
  thread_id uuid not null,
  target text not null check (target in ('webhook', 'trigger', 'studio')),
  settings jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index thread_hooks_by_thread on thread_hooks (account_id, thread_id, born) where deleted_at is null;

-- Inbound texts that wait for hooks to be asked. Texts of one pair stand in line: the first has a call under way, the
-- others none; what is asked about them is decided when their turn comes, since the world will have moved.
create table held_texts (
  account_id uuid not null,
  sms_id uuid not null,
  person text not null,
  number text not null,
  -- What was known when it arrived: its files, its session, the keyword that it is.
  arrival jsonb not null,
  -- Of the first in line: what is asked, the hooks to be asked after this one, what was changed so far.
  inquiry jsonb,
  call_id uuid,
  born bigint not null,
  primary key (account_id, sms_id)
);
create index held_texts_by_pair on held_texts (account_id, person, number, born);
create index held_texts_by_call on held_texts (account_id, call_id) where call_id is not null;

-- What push notifications would be sent with. Its secrets are sealed.
create table push_credentials (
  account_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('apn', 'gcm', 'fcm')),
  friendly_name text,
  is_sandbox boolean,
  secrets text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index push_credentials_by_born on push_credentials (account_id, born);

-- Files that programs and chat clients upload before a message says them: to which service, and by whom. Those that no
-- message took are purged.
alter table media add column service_id uuid;
alter table media add column author text;
create index media_unsaid on media (account_id, created_at) where service_id is not null and message_id is null;
