-- How each recipient of a group text fared, where its network tells: a row exists from the first word about that recipient
-- alone. Of all others the text itself tells.
create table sms_recipients (
  account_id uuid not null,
  sms_id uuid not null,
  participant_id uuid not null,
  status text not null,
  error_code integer,
  updated_at timestamptz not null,
  version bigint not null,
  primary key (account_id, sms_id, participant_id)
);
