-- Receipts that wait for the answer that names their text are looked through from the latest back, and forgotten from the
-- oldest on.
create index parked_receipts_by_born on parked_receipts (account_id, born);
