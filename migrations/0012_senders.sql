-- Senders that are no numbers, and what an app is told of a masked text after it went on.

-- Who carries what a name sends; null: who carries the pool's numbers.
alter table pool_senders add column carrier text;

-- Which accounts ever sent by a name. Names are nobody's alone, so a receipt that knows only the name is asked of each.
create table sender_names (
  name text not null,
  account_id uuid not null,
  primary key (name, account_id)
);
insert into sender_names (name, account_id)
  select distinct sender, account_id from pool_senders where sender is not null;

-- The interaction that a text went out for: its app hears how the text fares.
create index proxy_interactions_by_outbound on proxy_interactions (account_id, outbound_sms_id)
  where outbound_sms_id is not null;
