-- Carriers that can be asked what they carried, and that had numbers before us.

alter table carriers
  -- All that was there by then, in the carrier's own time, has been read; null before the first time.
  add column read_through timestamptz;

-- How each number stood at its carrier before its texts were pointed here, so that it can be put back.
create table carrier_numbers (
  account_id uuid not null,
  carrier_id uuid not null,
  number text not null,
  before jsonb not null,
  imported_at timestamptz not null,
  restored_at timestamptz,
  primary key (account_id, carrier_id, number)
);

-- Texts that may or may not have been sent, for the carrier that can tell.
create index sms_unknown on sms (account_id, carrier, born) where status = 'unknown';

-- A carrier may say that a person does not want to be texted.
alter table opt_outs drop constraint opt_outs_source_check;
alter table opt_outs add constraint opt_outs_source_check check (source in ('text', 'owner', 'import', 'carrier'));
