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
