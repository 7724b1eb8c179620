-- What is remembered of who had a number before, and for how long.

-- How long a pool remembers who had its numbers and which threads it refused: what is older is forgotten, so that
-- neither grows for ever. Late replies and rest are never cut short by it. A year, unless the pool says otherwise.
alter table pools
  add column remember_for_ms bigint not null default 31536000000 check (remember_for_ms >= 0);

-- What a pool forgets first. Refusals need none: they are found by when they were born.
create index pair_history_by_pool on pair_history (account_id, pool_id, freed_at);

-- Which accounts held a number before: receipts of what they sent from it are still theirs. A lookup like that of holders.
create table past_holders (
  number text not null,
  account_id uuid not null,
  primary key (number, account_id)
);
insert into past_holders (number, account_id)
  select distinct number, account_id from numbers where released_at is not null;
