import type { Pool } from 'pg'
import type { Debt, NetworkLog, PhoneText } from '../domain/simulated-network.ts'
import { QUERY_WITHIN_MS } from './db.ts'
import { table } from './rows.ts'
import { spellRows, typed } from './typed-rows.ts'

const textTable = typed(
  table('simulator_texts', {
    phone: 'text',
    number: 'text',
    carrier_message_id: 'text',
    direction: 'text',
    sender: 'text',
    recipients: 'text[]',
    body: 'text',
    media_urls: 'text[]',
    at: 'timestamptz',
  }),
)

/** Texts as `$1`, new debts as `$2`, ids of settled ones as `$3`: one prepared statement, whatever the batch. */
const TEXTS = `insert into simulator_texts
    (phone, number, carrier_message_id, direction, sender, recipients, body, media_urls, at)
  select t.phone, t.number, t."carrierMessageId", t.direction, t.sender, t.recipients, t.body, t."mediaUrls", t.at
  from unnest($1::${textTable.type}[]) as t
  on conflict (phone, number, carrier_message_id) do nothing`

const DEBTS = `insert into simulator_debts (id, due_at, due)
  select d.id, d."dueAt", d.due
  from json_to_recordset($2::json) as d(id uuid, "dueAt" timestamptz, due json)
  on conflict (id) do nothing`

const SETTLED = `delete from simulator_debts as d
  using json_array_elements_text($3::json) as settled(id)
  where d.id = settled.id::uuid`

const APPEND = `with debts as (${DEBTS}), settled as (${SETTLED}) ${TEXTS}`

const TEXTS_OF = `
  select
    phone,
    direction,
    number,
    sender,
    recipients,
    body,
    media_urls as "mediaUrls",
    at,
    carrier_message_id as "carrierMessageId"
  from simulator_texts
  where phone = $1 and number = any($2) and at <= $3
  order by at, seq`

const PATIENCE = { query_timeout: QUERY_WITHIN_MS }

/** The log of the simulated network, on a pool of its own or the house's; its transactions are never the house's. */
export function simulatorLog(pool: Pool): NetworkLog {
  return {
    async append({ texts, debts, settled }) {
      const values = [spellRows(textTable, texts), JSON.stringify(debts), JSON.stringify(settled)]
      await pool.query({ name: 'simulator:append', text: APPEND, values, ...PATIENCE })
    },
    async debts() {
      const sql = 'select id, due_at as "dueAt", due from simulator_debts order by due_at, seq'
      return (await pool.query<Debt>(sql)).rows
    },
    async numbersSeenBy(phone) {
      const text = 'select distinct number from simulator_texts where phone = $1'
      const { rows } = await pool.query<{ number: string }>({ text, values: [phone], ...PATIENCE })
      return rows.map(row => row.number)
    },
    async textsOf(phone, numbers, until) {
      return (await pool.query<PhoneText>({ text: TEXTS_OF, values: [phone, numbers, until], ...PATIENCE })).rows
    },
  }
}
