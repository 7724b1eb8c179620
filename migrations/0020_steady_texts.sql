-- Texts: an ordinary step of a text touches none of its indexes.

-- What sets a text apart from those that go their way. Indexes speak of this instead of the status, so that a text which
-- is queued, under way, sent and delivered is written four times and indexed once or twice.
alter table sms add column apart text generated always as (
  case
    when status = 'scheduled' then 'scheduled'
    when status = 'unknown' then 'unknown'
    when status = 'queued' and attempts > 0 then 'tried'
    else ''
  end
) stored not null;

-- Room on each page for the steps of its texts.
alter table sms set (fillfactor = 70);

drop index sms_waiting, sms_scheduled, sms_unknown, sms_tried;
create index sms_waiting on sms (account_id, number, rank, born)
  where next_attempt_at is not null and apart <> 'scheduled';
create index sms_scheduled on sms (account_id, next_attempt_at) where apart = 'scheduled';
create index sms_unknown on sms (account_id, carrier, born) where apart = 'unknown';
create index sms_tried on sms (account_id, number, person) where apart = 'tried';
