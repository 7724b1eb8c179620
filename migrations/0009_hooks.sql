-- Hooks: apps that are told of what happens in threads, and asked before it does.

-- A hook of one thread. settings: url, method, filters, triggers, flowSid, replayAfter.
create table thread_hooks (
  account_id uuid not null,
  id uuid not null,
  thread_id uuid not null,
  target text not null check (target in ('webhook', 'trigger', 'studio')),
  settings jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index thread_hooks_by_thread on thread_hooks (account_id, thread_id, born) where deleted_at is null;

-- An inbound text that a hook is asked about before it is said in its thread. Texts of one pair wait in line.
create table held_texts (
  account_id uuid not null,
  sms_id uuid not null,
  person text not null,
  number text not null,
  -- What is to be said, as changed by the hooks that have answered.
  draft jsonb not null,
  -- The hooks that are still to be asked.
  stages jsonb not null,
  call_id uuid not null,
  held_at timestamptz not null,
  born bigint not null,
  primary key (account_id, sms_id)
);
create index held_texts_by_pair on held_texts (account_id, person, number, born);
create index held_texts_by_call on held_texts (account_id, call_id);
