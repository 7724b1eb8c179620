-- Carriers of accounts: how their own numbers reach their own providers, and what must survive a crash on the way.

create table carriers (
  account_id uuid not null,
  id uuid not null,
  name text not null,
  kind text not null,
  settings jsonb not null,
  -- JSON, sealed.
  secrets bytea not null,
  -- All texts that came in before were surely answered, but for those in carrier_doubts.
  settled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, id)
);
create unique index carriers_name_key on carriers (account_id, name);

-- Texts that came in and may come again under the same name: the link broke before our answer was surely read.
create table carrier_doubts (
  account_id uuid not null,
  carrier_id uuid not null,
  name text not null,
  doubted_at timestamptz not null,
  primary key (account_id, carrier_id, name)
);

-- Parts of long texts that came in. They wait for the others while done_at is null, and are then remembered for a while.
create table carrier_parts (
  account_id uuid not null,
  carrier_id uuid not null,
  key text not null,
  generation integer not null,
  part smallint not null,
  total smallint not null,
  person text not null,
  number text not null,
  name text not null,
  data_coding smallint not null,
  bytes bytea not null,
  arrived_at timestamptz not null,
  done_at timestamptz,
  primary key (account_id, carrier_id, key, generation, part)
);
create index carrier_parts_waiting on carrier_parts (account_id, carrier_id) where done_at is null;
create index carrier_parts_done on carrier_parts (account_id, carrier_id, done_at) where done_at is not null;

-- What became of each part of a text that left in several; a text of one part has none.
create table sms_parts (
  account_id uuid not null,
  sms_id uuid not null,
  carrier_message_id text not null,
  is_delivered boolean not null default false,
  primary key (account_id, sms_id, carrier_message_id)
);
