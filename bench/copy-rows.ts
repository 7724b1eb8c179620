import type pg from 'pg'
import type { Result } from './load.ts'
import { ACCOUNT_ID, type MeasuredHeddle } from './measured-heddle.ts'

/** What was written of texts and their messages, as one parameter a table, ready to be inserted again. */
export interface Copies {
  /** By table: its columns with their types. */
  tables: { name: string; columns: string; signature: string }[]
  /** Rows of each table, in the order of `tables`. */
  batches: Record<string, unknown>[][][]
  /** Texts out in each batch. */
  texts: number[]
}

/** Rows a statement: what an act may write. */
const ROWS = 1_000

/** Columns that must be new in a copy; of the carrier's id only its words. */
const IDS = ['id', 'sms_id', 'message_id']

/**
 * What was written since the account's clock stood at `after`: the texts in and out, the messages that they are, and the
 * carrier's ids of those that came in.
 */
export async function copyRows({ database }: MeasuredHeddle, after: number): Promise<Copies> {
  const sms = await rowsOf(database, 'sms', 'x.version > $2', after)
  const messages = await rowsOf(database, 'messages', 'x.version > $2', after)
  const carrierTexts = await rowsOf(
    database,
    'carrier_texts',
    'x.sms_id in (select s.id from sms s where s.account_id = $1 and s.version > $2)',
    after,
  )
  const tables = []
  for (const name of ['sms', 'messages', 'carrier_texts']) tables.push(await describe(database, name))
  const batches: Copies['batches'] = []
  const texts: number[] = []
  for (const message of messages) {
    const own = sms.filter(row => row.message_id === message.id)
    const last = batches.at(-1)
    const rows = [own, [message], carrierTexts.filter(row => own.some(each => each.id === row.sms_id))]
    if (last && last.flat().length + rows.flat().length <= ROWS)
      for (const [at, more] of rows.entries()) last[at]!.push(...more)
    else batches.push(rows)
    const outgoing = own.filter(row => row.direction === 'out').length
    if (batches.length > texts.length) texts.push(0)
    texts[batches.length - 1]! += outgoing
  }
  return { tables, batches, texts }
}

/** Inserts such rows again and again for so many seconds, each time as other texts: statement after statement. */
export async function insertCopies({ database }: MeasuredHeddle, copies: Copies, seconds: number): Promise<Result> {
  const text = statementOf(copies)
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1000
  let answers = 0
  for (let at = 0; performance.now() < endsAt; at = (at + 1) % copies.batches.length) {
    await database.query({ name: 'copies', text, values: valuesOf(copies.batches[at]!) })
    answers += copies.texts[at]!
  }
  return {
    answers,
    seconds: (performance.now() - startedAt) / 1000,
    failures: 0,
    firstFailure: null,
    p50: 0,
    p99: 0,
    max: 0,
  }
}

function statementOf({ tables }: Copies): string {
  const inserts = tables.map(
    ({ name, columns, signature }, at) => `new_${name} as (
      insert into ${name} (${columns}) select ${columns} from json_to_recordset($${at + 1}::json) as r(${signature}))`,
  )
  return `with ${inserts.join(', ')} select 1`
}

/** The rows with other ids: a salt takes the place of their ends. */
function valuesOf(batch: Record<string, unknown>[][]): string[] {
  const salt = Math.floor(Math.random() * 0xffff_ffff_ffff)
    .toString(16)
    .padStart(12, '0')
  return batch.map(rows => JSON.stringify(rows.map(row => renamed(row, salt))))
}

function renamed(row: Record<string, unknown>, salt: string): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...row }
  for (const column of IDS) {
    const id = copy[column]
    if (typeof id === 'string') copy[column] = mix(id, salt)
  }
  if (typeof copy.index === 'number') copy.thread_id = mix(String(copy.thread_id), salt)
  if (typeof copy.carrier_message_id === 'string') copy.carrier_message_id = `${copy.carrier_message_id} ${salt}`
  return copy
}

/** Another id that keeps its time, by which it is stored. */
function mix(id: string, salt: string): string {
  const end = BigInt(`0x${id.slice(24)}`) ^ BigInt(`0x${salt}`)
  return id.slice(0, 24) + end.toString(16).padStart(12, '0')
}

async function rowsOf(
  database: pg.Client,
  table: string,
  where: string,
  after: number,
): Promise<Record<string, unknown>[]> {
  const sql = `select row_to_json(x) as row from ${table} x where x.account_id = $1 and ${where}`
  const { rows } = await database.query<{ row: Record<string, unknown> }>(sql, [ACCOUNT_ID, after])
  return rows.map(({ row }) => row)
}

async function describe(database: pg.Client, table: string) {
  const { rows } = await database.query<{ column: string; type: string }>(
    `select a.attname as column, format_type(a.atttypid, a.atttypmod) as type
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table],
  )
  return {
    name: table,
    columns: rows.map(({ column }) => `"${column}"`).join(', '),
    signature: rows.map(({ column, type }) => `"${column}" ${type}`).join(', '),
  }
}
