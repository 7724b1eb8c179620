-- A user may also have left a queue: threads and entries of that queue are then still to be changed.
alter table user_changes add column if not exists queue_id uuid;
alter table user_changes drop constraint if exists user_changes_kind_check;
alter table user_changes add constraint user_changes_kind_check check (kind in ('renamed', 'gone', 'left'));
