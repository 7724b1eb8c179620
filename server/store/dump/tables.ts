import type { Client } from 'pg'
import type { DumpTable } from './format.ts'

/** The level of the database, which a dump's header carries, is told by this table; its rows are not data. */
const LEVELS = 'migrations'

/**
 * Lists the tables that hold data, in the order of their names, with the columns that can be written. Heddle's schema has
 * no foreign keys, so any order will do.
 */
export async function listTables(client: Client): Promise<DumpTable[]> {
  const { rows } = await client.query<DumpTable>(
    `select
       c.relname as name,
       array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace
       and c.relkind = 'r'
       and c.relname <> $1
     group by c.relname
     order by c.relname`,
    [LEVELS],
  )
  return rows
}

/** The last number of each sequence that gave one out. */
export async function listSequences(client: Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; last: number }>(
    `select
       sequencename as name,
       last_value as last
     from pg_sequences
     where schemaname = 'public'
       and last_value is not null
     order by sequencename`,
  )
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}

export function copyStatement({ name, columns }: DumpTable, direction: 'to stdout' | 'from stdin'): string {
  return `copy ${qualified(name)} (${columns.map(quoted).join(', ')}) ${direction}`
}

export function qualified(name: string): string {
  return `public.${quoted(name)}`
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
