-- Conversations as programs manage them: roles of chat users, which addresses open threads by themselves, files that
-- go to several recipients, and lists that stay flat however many threads there are.

create table roles (
  account_id uuid not null,
  id uuid not null,
  service_id uuid not null,
  friendly_name text not null,
  kind text not null check (kind in ('conversation', 'service')),
  permissions jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index roles_by_born on roles (account_id, service_id, born);

-- What happens to texts that reach an address and belong to no thread.
create table addresses (
  account_id uuid not null,
  id uuid not null,
  kind text not null,
  address text not null,
  friendly_name text,
  country text,
  auto_creation jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id),
  constraint addresses_one_rule unique (account_id, address)
);
create index addresses_by_born on addresses (account_id, born);

-- A file that a thread carries on is not copied: its rows for the texts out name the row that has the bytes.
alter table media add column copy_of uuid;
-- The message that shows a file which was uploaded before: no other may show it too.
alter table media add column message_id uuid;

create index threads_by_date on threads (account_id, service_id, created_at, born) where deleted_at is null;
create index threads_by_state on threads (account_id, service_id, state, created_at, born) where deleted_at is null;

-- Unread messages are counted as those since the horizon less the deleted ones among them.
create index messages_deleted on messages (account_id, thread_id, index) where deleted_at is not null;

-- How many chat users and others take part is asked at every joining.
create index participants_taking_part on participants (account_id, thread_id, kind) where removed_at is null;
