-- The simulated network and its phones. It is outside the house: it writes these tables in its own transactions and
-- knows accounts no more than a real network does, so nothing here leads with account_id and nothing refers to our rows.

-- What each phone sent and received. `number` is the number of ours on the other side, by which a reader finds the
-- texts that an account may see. The key makes a text that a phone repeats the same text; its prefix reads a phone's log.
create table simulator_texts (
  seq bigint generated always as identity,
  phone text not null,
  number text not null,
  carrier_message_id text not null,
  direction text not null check (direction in ('sent', 'received')),
  sender text not null,
  recipients text[] not null,
  body text not null,
  media_urls text[] not null,
  -- World time; a delayed text's lies ahead, and its phone does not show it before.
  at timestamptz not null,
  primary key (phone, number, carrier_message_id)
);

-- What the network still has to tell the house: receipts, and texts from phones. One row for a whole batch, written
-- with its texts and deleted once acknowledged, so that a restart repeats what may not have been heard.
create table simulator_debts (
  id uuid primary key,
  seq bigint generated always as identity,
  due_at timestamptz not null,
  due json not null
);
-- A row lives for milliseconds: compressing it would cost more than it saves.
alter table simulator_debts alter column due set storage external;
