import type pg from 'pg'
import type { Sms } from '../server/domain/sms.ts'
import { groupBy } from '../server/kit/group-by.ts'
import { insertMessage, type Message, messageColumns } from '../server/store/messages.ts'
import { selectList } from '../server/store/rows.ts'
import { changeSession, type SessionChange } from '../server/store/sessions.ts'
import { type CarrierText, carrierTextTable, insertCarrierText, insertSms, smsColumns } from '../server/store/sms.ts'
import { declareRowTypes, spellRows } from '../server/store/typed-rows.ts'
import type { Result } from './load.ts'
import { ACCOUNT_ID, type MeasuredHeddle } from './measured-heddle.ts'

/** What texts to many wrote, in parts that each make one statement. */
export interface Copies {
  parts: Part[]
}

interface Part {
  sms: Sms[]
  messages: Message[]
  carrierTexts: CarrierText[]
  sessions: SessionChange[]
}

/** Rows a statement: what an act may write. */
const ROWS = 1_000

const WRITES = {
  sms: insertSms,
  messages: insertMessage,
  carrierTexts: insertCarrierText,
  sessions: changeSession,
} as const

/**
 * The inserts alone that the house makes of them, all in one statement, spelled in the fastest way that it knows: what a
 * connection can write that asks and decides nothing.
 */
const STATEMENT = `with ${Object.values(WRITES)
  .map((write, at) => `${write.name} as (${write.sql(at + 2)})`)
  .join(', ')} select 1`

/** What is to be run once on a connection before rows are inserted on it. */
export async function prepareCopies({ database }: MeasuredHeddle): Promise<void> {
  await database.query(declareRowTypes())
}

/**
 * What was written since the account's clock stood at `after`: the texts in and out, the messages that they are, and the
 * carrier's ids of those that came in; and that their pairs are active.
 */
export async function copyRows({ database }: MeasuredHeddle, after: number): Promise<Copies> {
  const sms = await rowsOf<Sms>(
    database,
    `select ${smsColumns} from sms s where s.account_id = $1 and s.version > $2`,
    after,
  )
  const messages = await rowsOf<Message>(
    database,
    `select ${messageColumns} from messages m where m.account_id = $1 and m.version > $2`,
    after,
  )
  const carrierTexts = await rowsOf<CarrierText>(
    database,
    `select ${selectList(carrierTextTable, 'c')} from carrier_texts c
     join sms s on s.account_id = c.account_id and s.id = c.sms_id
     where c.account_id = $1 and s.version > $2`,
    after,
  )
  const textsOf = groupBy(sms, text => text.messageId ?? '')
  const nameOf = new Map(carrierTexts.map(each => [each.smsId, each]))
  const parts: Part[] = []
  for (const message of messages) {
    const texts = textsOf.get(message.id) ?? []
    const named = texts.flatMap(text => nameOf.get(text.id) ?? [])
    const last = parts.at(-1)
    const part =
      last && sizeOf(last) + 2 * texts.length + 2 <= ROWS
        ? last
        : { sms: [], messages: [], carrierTexts: [], sessions: [] }
    if (part !== last) parts.push(part)
    part.sms.push(...texts)
    part.messages.push(message)
    part.carrierTexts.push(...named)
    part.sessions.push(...sessionsOf(texts))
  }
  return { parts }
}

/** Inserts such rows again and again for so many seconds, each time as other texts: statement after statement. */
export async function insertCopies({ database }: MeasuredHeddle, copies: Copies, seconds: number): Promise<Result> {
  const startedAt = performance.now()
  const endsAt = startedAt + seconds * 1000
  let answers = 0
  for (let at = 0; performance.now() < endsAt; at = (at + 1) % copies.parts.length) {
    const part = renamed(copies.parts[at]!)
    const values = [
      ACCOUNT_ID,
      ...Object.entries(WRITES).map(([name, { as }]) => spellRows(as!, part[name as keyof Part])),
    ]
    await database.query({ name: 'copies', text: STATEMENT, values })
    answers += part.sms.filter(text => text.direction === 'out').length
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

function sizeOf({ sms, messages, carrierTexts, sessions }: Part): number {
  return sms.length + messages.length + carrierTexts.length + sessions.length
}

/** The pairs of a message's texts, none of them twice, are active now. */
function sessionsOf(texts: Sms[]): SessionChange[] {
  return texts.map(({ person, number, createdAt }) => ({
    person,
    number: number ?? '',
    startedAt: createdAt,
    activeAt: createdAt,
  }))
}

/** The rows with other ids that keep their time, by which they are stored. */
function renamed({ sms, messages, carrierTexts, sessions }: Part): Part {
  const salt = BigInt(Math.floor(Math.random() * 0xffff_ffff_ffff))
  const mix = (id: string) => id.slice(0, 24) + (BigInt(`0x${id.slice(24)}`) ^ salt).toString(16).padStart(12, '0')
  return {
    sessions: [...new Map(sessions.map(each => [`${each.person} ${each.number}`, each])).values()],
    sms: sms.map(text => ({ ...text, id: mix(text.id), messageId: text.messageId && mix(text.messageId) })),
    messages: messages.map(message => ({ ...message, id: mix(message.id), threadId: mix(message.threadId) })),
    carrierTexts: carrierTexts.map(each => ({
      ...each,
      smsId: mix(each.smsId),
      carrierMessageId: `${each.carrierMessageId} ${salt}`,
    })),
  }
}

async function rowsOf<Row extends object>(database: pg.Client, sql: string, after: number): Promise<Row[]> {
  return (await database.query(sql, [ACCOUNT_ID, after])).rows as Row[]
}
