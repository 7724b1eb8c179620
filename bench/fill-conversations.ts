import type pg from 'pg'
import { ACCOUNT_ID } from './measured-heddle.ts'

/** Conversations are counted from 1. Each has a phone and a chat user; one phone takes part in many of them. */
export const MESSAGES_EACH = 3
/** The phone that takes part in the first so many conversations, each by another number of ours. */
export const BUSY_PHONE = '+15557000000'
export const BUSY_IN = 10

/** The hex of a conversation's SID. */
export const conversationHex = (n: number) => `cccccccc00004000a000${n.toString(16).padStart(12, '0')}`

const threadId = (n: string) => `('cccccccc-0000-4000-a000-' || lpad(to_hex(${n}), 12, '0'))::uuid`
const participantId = (kind: string, n: string) =>
  `('${kind === 'sms' ? 'aaaaaaaa' : 'bbbbbbbb'}-0000-4000-a000-' || lpad(to_hex(${n}), 12, '0'))::uuid`

const PERSON = `case when n <= ${BUSY_IN} then '${BUSY_PHONE}' else '+1556' || lpad(n::text, 7, '0') end`
/** Each takes part in two conversations: how many one takes part in is another question. */
const IDENTITY = `'user ' || n / 2`
const NUMBER = `'+155500' || (10000 + n % 50)`
const AT = `timestamptz '2026-01-01' + n * interval '1 second'`

/** Stores conversations with their participants and messages. */
export async function fillConversations(database: pg.Client, count: number): Promise<void> {
  const values = [ACCOUNT_ID, count]
  const from = 'from generate_series(1, $2::int) n'
  await database.query('begin')
  await database.query(
    `insert into threads (account_id, id, service_id, state, unique_name, next_index, active_at, created_at, updated_at,
       version, born)
     select $1, ${threadId('n')}, $1, case n % 3 when 0 then 'inactive' else 'active' end, 'order ' || n, ${MESSAGES_EACH},
       ${AT}, ${AT}, ${AT}, n, n ${from}`,
    values,
  )
  for (const kind of ['sms', 'chat']) {
    const who = kind === 'sms' ? `null, ${PERSON}, ${NUMBER}` : `${IDENTITY}, null, null`
    await database.query(
      `insert into participants (account_id, id, thread_id, kind, identity, person, number, created_at, updated_at,
         version, born)
       select $1, ${participantId(kind, 'n')}, ${threadId('n')}, '${kind}', ${who}, ${AT}, ${AT}, n, n ${from}`,
      values,
    )
  }
  await database.query(
    `insert into pairs (account_id, person, number, thread_id, participant_id)
     select $1, ${PERSON}, ${NUMBER}, ${threadId('n')}, ${participantId('sms', 'n')} ${from}`,
    values,
  )
  await fillMessages(database, { count, each: MESSAGES_EACH })
  await database.query('update clocks set clock = clock + $2::int * 10 where account_id = $1', values)
  await database.query('commit')
}

/** Stores the messages of conversations that have none yet: the first `count`, or from `first` on. */
export async function fillMessages(
  database: pg.Client,
  { first = 1, count, each }: { first?: number; count: number; each: number },
): Promise<void> {
  await database.query(
    `insert into messages (account_id, id, thread_id, index, origin, author, participant_id, body, created_at, updated_at,
       version, born)
     select $1, md5(n || ' says ' || i)::uuid, ${threadId('n')}, i, 'chat', ${IDENTITY},
       ${participantId('chat', 'n')}, 'Something of some length, number ' || i, ${AT}, ${AT}, n * 10 + i, n * 10 + i
     from generate_series($2::int, $2::int + $3::int - 1) n, generate_series(0, $4::int - 1) i`,
    [ACCOUNT_ID, first, count, each],
  )
}
