-- Threads: who talks in them, which pairs they hold, what was said. A pair has a row in pairs exactly while an open
-- thread holds it: its primary key is the pair rule.

-- A set of threads, users and settings with an identity of its own: Twilio's conversation service.
create table services (
  account_id uuid not null,
  id uuid not null,
  friendly_name text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index services_by_born on services (account_id, born);

create table users (
  account_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  identity text not null,
  friendly_name text,
  attributes text not null default '{}',
  role_id uuid,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create unique index users_identity_key on users (account_id, service_id, identity) where deleted_at is null;
create index users_by_born on users (account_id, service_id, born);

-- active_at is the last message (or the opening); both timers run from it. timer_at is when somebody must look: never
-- later than the first timer, and maybe earlier, so that a message need not move it.
create table threads (
  account_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  state text not null check (state in ('initializing', 'active', 'inactive', 'closed')),
  closed_reason text,
  unique_name text,
  friendly_name text,
  attributes text not null default '{}',
  pool_id uuid,
  queue_id uuid,
  assignee_id uuid,
  room text,
  person text,
  number text,
  label text,
  next_index integer not null default 0,
  labels_senders boolean,
  inactive_after_ms bigint,
  closes_after_ms bigint,
  expires_at timestamptz,
  active_at timestamptz not null,
  timer_at timestamptz,
  previous_thread_id uuid,
  created_by text,
  settings jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  closed_at timestamptz,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
) with (fillfactor = 80);
create unique index threads_unique_name_key on threads (account_id, service_id, unique_name)
  where unique_name is not null and deleted_at is null;
create index threads_by_service on threads (account_id, service_id, born);
create index threads_timer on threads (account_id, timer_at) where timer_at is not null;
create index threads_by_queue on threads (account_id, queue_id, born) where queue_id is not null;
create index threads_changed on threads (account_id, version) where queue_id is not null;

-- kind: 'sms' a pair; 'chat' an identity; 'projected' one of our numbers in a group text, with or without an identity;
-- 'group' a person in a group text.
create table participants (
  account_id uuid not null,
  id uuid not null,
  thread_id uuid not null,
  kind text not null check (kind in ('sms', 'chat', 'projected', 'group')),
  identity text,
  person text,
  number text,
  attributes text not null default '{}',
  role_id uuid,
  notification_level text not null default 'default',
  last_read_index integer,
  last_read_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  removed_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
) with (fillfactor = 90);
create index participants_by_thread on participants (account_id, thread_id, born);
create unique index participants_identity_key on participants (account_id, thread_id, identity)
  where identity is not null and removed_at is null;
create index participants_by_identity on participants (account_id, identity, born) where identity is not null;
create index participants_by_person on participants (account_id, person, born) where person is not null;

create table pairs (
  account_id uuid not null,
  person text not null,
  number text not null,
  thread_id uuid not null,
  participant_id uuid not null,
  constraint pairs_one_thread primary key (account_id, person, number)
);
create index pairs_by_number on pairs (account_id, number);

-- A group text is bound by its members: the sorted numbers of both sides, joined by spaces.
create table groups (
  account_id uuid not null,
  members text not null,
  thread_id uuid not null,
  constraint groups_one_thread primary key (account_id, members)
);

-- origin: 'sms' from a phone, 'api' from a program, 'chat' from a chat client or the inbox.
create table messages (
  account_id uuid not null,
  id uuid not null,
  thread_id uuid not null,
  queue_id uuid,
  index integer not null,
  origin text not null check (origin in ('sms', 'api', 'chat')),
  author text not null,
  participant_id uuid,
  user_id uuid,
  body text,
  attributes text not null default '{}',
  media json,
  sms_id uuid,
  reply_to_id uuid,
  is_late boolean not null default false,
  settings jsonb,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
) with (fillfactor = 90);
create unique index messages_by_thread on messages (account_id, thread_id, index);
create index messages_changed on messages (account_id, version) where queue_id is not null;

-- A message's texts on the wire are its receipts: one a recipient.
alter table sms add column participant_id uuid;
create index sms_by_message on sms (account_id, message_id) where message_id is not null;
