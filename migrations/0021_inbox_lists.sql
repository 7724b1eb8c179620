-- Lists of a shared inbox walk over nothing that they do not show or count. A queue's threads lie in three heaps, open,
-- closed and deleted, each thread in one of them: once by its queue, and once by its number of ours.
create index threads_closed_by_queue on threads (account_id, queue_id, created_at, born)
  where queue_id is not null and deleted_at is null and state = 'closed';
drop index threads_by_queue;
create index threads_open_by_number on threads (account_id, queue_id, number, created_at, born)
  where queue_id is not null and deleted_at is null and state <> 'closed';
create index threads_closed_by_number on threads (account_id, queue_id, number, created_at, born)
  where queue_id is not null and deleted_at is null and state = 'closed';
create index threads_deleted_by_number on threads (account_id, queue_id, number, created_at, born)
  where queue_id is not null and deleted_at is not null;

-- What changed is asked queue by queue: a handler of few does not walk over what the others heard.
drop index threads_changed;
create index threads_changed on threads (account_id, queue_id, version) where queue_id is not null;

-- A page is found by indexes alone, and only what it shows is then fetched, by born.
drop index threads_by_service;
create index threads_by_born on threads (account_id, born) where queue_id is not null;
