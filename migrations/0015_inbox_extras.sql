-- What queues may do beyond RingCentral, each off unless set: link a thread to the one before it, let a reply claim a
-- thread, give new threads to handlers on duty, count what each handler has not read. Also: lists of deleted messages by
-- index, and users' changes that are still to be told.

alter table queues
  add column links_previous boolean not null default false,
  add column claims_on_reply boolean not null default false,
  add column assigns text check (assigns in ('round_robin', 'least_busy')),
  add column counts_unread boolean not null default false;

-- Users who take threads that are given out: a row exists exactly while they are on duty.
create table duties (
  account_id uuid not null,
  user_id uuid not null,
  since timestamptz not null,
  primary key (account_id, user_id)
);
-- The version of the last thread that was given to the handler by the house: turns go by it.
alter table handlers add column given_version bigint;
create index threads_by_assignee on threads (account_id, assignee_id, born)
  where assignee_id is not null and deleted_at is null;

-- What a handler has read of a thread: messages up to read_index, but for those whose index is in flipped, for which the
-- opposite holds. Without a row nothing is read.
create table reads (
  account_id uuid not null,
  user_id uuid not null,
  thread_id uuid not null,
  read_index integer not null,
  flipped integer[] not null default '{}',
  updated_at timestamptz not null,
  version bigint not null,
  primary key (account_id, user_id, thread_id)
) with (fillfactor = 70);
create index reads_changed on reads (account_id, user_id, version);

-- A queue's messages that are there, and those that are not, lie apart: neither list walks over the other's rows.
-- thread_deleted_at repeats the thread's deletion on each of its messages.
alter table messages add column thread_deleted_at timestamptz;
update messages m set thread_deleted_at = t.deleted_at
  from threads t
  where t.account_id = m.account_id and t.id = m.thread_id and t.deleted_at is not null and m.queue_id is not null;
drop index messages_by_queue;
create index messages_by_queue on messages (account_id, queue_id, created_at, born)
  where queue_id is not null and deleted_at is null and thread_deleted_at is null;
create index messages_gone_by_queue on messages (account_id, queue_id, created_at, born)
  where queue_id is not null and (deleted_at is not null or thread_deleted_at is not null);

-- What a user said and noted, for when their name changes.
create index messages_by_user on messages (account_id, user_id, born) where user_id is not null and queue_id is not null;
create index notes_by_author on notes (account_id, author_id, born);

-- A user who was renamed or is gone, as long as threads and entries that show them are still to be changed: rows born up
-- to told_born are done.
create table user_changes (
  account_id uuid not null,
  born bigint not null,
  user_id uuid not null,
  kind text not null check (kind in ('renamed', 'gone')),
  told_born bigint not null default 0,
  primary key (account_id, born)
);
