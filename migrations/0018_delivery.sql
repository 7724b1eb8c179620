-- Delivery: which texts leave first.

-- Lower ranks leave first: 0 urgent, 1 normal, 2 bulk.
alter table sms add column rank smallint not null default 1;

-- What waits is read in the order in which it leaves.
drop index sms_waiting;
create index sms_waiting on sms (account_id, number, rank, born)
  where next_attempt_at is not null and status <> 'scheduled';

-- What waits for another try holds back what came after it to the same person.
create index sms_tried on sms (account_id, number, person) where status = 'queued' and attempts > 0;
