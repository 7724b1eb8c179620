-- Pools as several threads with one person use them: which numbers a pool offers and in what order, which pair was
-- held by whom last, who waits for a number, and how many numbers were wanted.

-- How a pool chooses among its free numbers, what it does when none is free, and how long a released number rests.
alter table pools
  add column picks text not null default 'in-order'
    check (picks in ('in-order', 'least-recently-used', 'fewest-open')),
  add column prefers text[] not null default '{}',
  add column exhausted text not null default 'refuse' check (exhausted in ('refuse', 'queue', 'take-idle')),
  add column cooldown_ms bigint not null default 0 check (cooldown_ms >= 0),
  add column is_strict boolean not null default false,
  add column late_for_ms bigint not null default 259200000 check (late_for_ms >= 0),
  add column expires_after_ms bigint check (expires_after_ms > 0) default 259200000,
  add column price_per_number numeric not null default 1 check (price_per_number >= 0);
create unique index pools_name_key on pools (account_id, name) where deleted_at is null;

-- A number's place in its pool. Free numbers are tried by (rank, position): rank stands still for 'in-order', is the
-- version of the last claim for 'least-recently-used' and the count of open threads for 'fewest-open'. So one index
-- serves the three rules. The truth about membership is numbers.pool_id; a row here that it denies is passed over.
create table pool_numbers (
  account_id uuid not null,
  number text not null,
  pool_id uuid not null,
  state text not null check (state in ('open', 'reserved', 'paused')),
  position bigint not null,
  rank bigint not null default 0,
  area_code text,
  country text not null,
  version bigint not null,
  born bigint not null,
  primary key (account_id, number)
) with (fillfactor = 80);
create index pool_numbers_by_rank on pool_numbers (account_id, pool_id, rank, position) where state = 'open';
create index pool_numbers_by_area on pool_numbers (account_id, pool_id, area_code, rank, position)
  where state = 'open' and area_code is not null;
create index pool_numbers_by_country on pool_numbers (account_id, pool_id, country, rank, position)
  where state = 'open';
create index pool_numbers_by_position on pool_numbers (account_id, pool_id, position);

-- The thread that held a pair last, once it is free: late replies, rest, and numbers that a person knows.
create table pair_history (
  account_id uuid not null,
  person text not null,
  number text not null,
  pool_id uuid not null,
  thread_id uuid not null,
  freed_at timestamptz not null,
  primary key (account_id, person, number)
);
create index pair_history_by_person on pair_history (account_id, person, freed_at);

-- Threads that wait for a number, first come first served for each person. due_at is set when a number may be free.
create table pool_waits (
  account_id uuid not null,
  thread_id uuid not null,
  pool_id uuid not null,
  person text not null,
  born bigint not null,
  due_at timestamptz,
  primary key (account_id, thread_id)
);
create index pool_waits_by_person on pool_waits (account_id, pool_id, person, born);
create index pool_waits_due on pool_waits (account_id, due_at) where due_at is not null;

-- Threads that were wanted and refused. held: numbers that the person held; needed: with how many numbers none was refused.
create table pool_refusals (
  account_id uuid not null,
  id uuid not null,
  pool_id uuid not null,
  person text not null,
  room text,
  held integer not null,
  needed integer not null,
  refused_at timestamptz not null,
  born bigint not null,
  primary key (account_id, id)
);
create index pool_refusals_by_pool on pool_refusals (account_id, pool_id, born);

-- What became of a pool's threads, a row a day (UTC), so that a report reads days and not threads.
create table pool_days (
  account_id uuid not null,
  pool_id uuid not null,
  day date not null,
  opened integer not null,
  closed integer not null,
  refused integer not null,
  waited integer not null,
  most_at_once integer not null,
  most_needed integer not null,
  primary key (account_id, pool_id, day)
);

-- Threads of pools: lists, and those that a person has open.
create index threads_in_pools on threads (account_id, born) where pool_id is not null and person is not null;
create index threads_by_pool on threads (account_id, pool_id, born) where pool_id is not null;
create index threads_pool_room on threads (account_id, room, born) where pool_id is not null and room is not null;
create index threads_pool_person on threads (account_id, person, born) where pool_id is not null;
create index threads_open_in_pool on threads (account_id, pool_id, person)
  where pool_id is not null and number is not null and state <> 'closed' and deleted_at is null;

-- A call whose body is JSON; its parameters are empty.
alter table calls add column json json;
