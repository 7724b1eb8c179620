/**
 * How the embedded server runs. Given on the command line, so that a folder made by an older Heddle is run by the
 * settings of this one, and none of them can be undone by a file. Durability stays as PostgreSQL has it.
 */
export function serverSettings(socketFolder: string): string[] {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    cluster_name: 'heddle',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',

    // A machine of 1 GB and 2 cores: the server and Heddle together stay under 400 MB.
    max_connections: '60',
    shared_buffers: '88MB',
    work_mem: '4MB',
    maintenance_work_mem: '32MB',
    autovacuum_max_workers: '2',
    max_parallel_workers_per_gather: '0',
    huge_pages: 'off',
    jit: 'off',

    // Nobody replicates from a server without a network; the log serves crash recovery alone.
    wal_level: 'minimal',
    max_wal_senders: '0',
    wal_buffers: '4MB',
    max_wal_size: '1GB',
    min_wal_size: '64MB',
    checkpoint_timeout: '10min',

    // A failed statement is reported to whoever sent it. Its text and details would carry message bodies into the log.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_line_prefix: '',
    log_timezone: 'UTC',
    timezone: 'UTC',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
