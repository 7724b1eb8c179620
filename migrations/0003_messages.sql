-- Messages on the wire as programs manage them: lists that stay fast when most texts are deleted, texts that wait for
-- their hour, what callers say of them, and who asked not to be texted.

-- Lists never show deleted texts. An account that deletes all it reads would otherwise walk over its tombstones.
drop index sms_by_date;
drop index sms_by_person;
drop index sms_by_number;
create index sms_by_date on sms (account_id, listed_at, id) where deleted_at is null;
create index sms_by_person on sms (account_id, person, direction, listed_at, id) where deleted_at is null;
create index sms_by_number on sms (account_id, number, direction, listed_at, id) where deleted_at is null;

-- A scheduled text has no number yet, so it waits in the account's lane.
create index sms_scheduled on sms (account_id, next_attempt_at) where status = 'scheduled';

-- What a program says about a text that it sent: whether it had its effect.
create table sms_feedback (
  account_id uuid not null,
  sms_id uuid not null,
  outcome text not null check (outcome in ('confirmed', 'unconfirmed')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, sms_id)
);

-- Who asked not to be texted. scope is one of our numbers, or the id of a pool, for all its numbers. A row whose
-- ended_at is set is history: the person came back, or the owner lifted it.
create table opt_outs (
  account_id uuid not null,
  scope text not null,
  person text not null,
  source text not null check (source in ('text', 'owner', 'import')),
  said text,
  sms_id uuid,
  began_at timestamptz not null,
  ended_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, scope, person)
);
create index opt_outs_by_born on opt_outs (account_id, born);
create index opt_outs_by_person on opt_outs (account_id, person, born);

-- Texts that seem to ask for no more texts without being a keyword: for a person to look at, until reviewed_at is set.
create table opt_out_wishes (
  account_id uuid not null,
  sms_id uuid not null,
  scope text not null,
  heard_at timestamptz not null,
  reviewed_at timestamptz,
  born bigint not null,
  primary key (account_id, sms_id)
);
create index opt_out_wishes_open on opt_out_wishes (account_id, born) where reviewed_at is null;

-- Numbers that a text may leave from (Twilio's messaging service); which ones says numbers.pool_id.
create table pools (
  account_id uuid not null,
  id uuid not null,
  name text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index pools_by_born on pools (account_id, born);
create index numbers_by_pool on numbers (account_id, pool_id) where pool_id is not null and released_at is null;
