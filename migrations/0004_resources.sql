-- What an account sets up around its texts: applications that several numbers share, and the numbers that it may buy.

-- URLs under one name: a number that names an application goes by it. kept holds what is stored for programs to read
-- back and has no effect here, such as everything about voice.
create table applications (
  account_id uuid not null,
  id uuid not null,
  friendly_name text not null,
  sms_url text not null,
  sms_method text not null,
  sms_fallback_url text not null,
  sms_fallback_method text not null,
  message_status_callback text not null,
  kept jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version bigint not null,
  born bigint not null,
  primary key (account_id, id)
);
create index applications_by_born on applications (account_id, born);

-- Numbers that an account and its children may buy. A row says what may be had; whether somebody has it, lookups say.
create table inventory (
  account_id uuid not null,
  number text not null,
  kind text not null
    check (kind in ('local', 'mobile', 'toll_free', 'national', 'voip', 'shared_cost', 'machine_to_machine')),
  country text not null,
  carrier text not null,
  region text,
  locality text,
  postal_code text,
  rate_center text,
  lata text,
  latitude double precision,
  longitude double precision,
  address_requirements text not null check (address_requirements in ('none', 'any', 'local', 'foreign')),
  is_beta boolean not null,
  can_voice boolean not null,
  can_sms boolean not null,
  can_mms boolean not null,
  can_fax boolean not null,
  primary key (account_id, number)
);
create index inventory_by_kind on inventory (account_id, country, kind, number);

-- A revoked key stays as a tombstone without its secret, so that a seed that names it does not bring it back.
alter table api_keys add column deleted_at timestamptz;
create index api_keys_by_born on api_keys (account_id, born);
create index numbers_by_application on numbers (account_id, sms_application_id) where sms_application_id is not null;
