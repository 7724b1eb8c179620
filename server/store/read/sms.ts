import type { Sms } from '../../domain/sms.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { smsColumns } from '../sms.ts'

export type SmsRecord = Sms

/** One text, in or out, unless it was deleted. */
export async function findSms(db: Queryable, accountId: string, smsId: string): Promise<SmsRecord | null> {
  const rows = await db.query<SmsRecord>(
    `select ${smsColumns} from sms s where s.account_id = $1 and s.id = $2 and s.deleted_at is null`,
    [accountId, smsId],
  )
  return rows[0] ?? null
}

/** Which texts: addresses are as the wire knows them, so that either may be a person's or ours. */
export interface SmsFilter {
  accountId: string
  to?: string | undefined
  from?: string | undefined
  /** Texts of that moment and later. */
  since?: Date | undefined
  /** Texts before that moment. */
  before?: Date | undefined
}

/** Where a page of texts begins; `key` is `[listedAt in milliseconds, id]` of the row beside it. */
export type SmsStart =
  | { kind: 'offset'; offset: number }
  | { kind: 'after'; key: (string | number)[] }
  | { kind: 'before'; key: (string | number)[] }

/** Texts, newest first; in reverse for `before`. `limit` rows at most. */
export function listSms(db: Queryable, filter: SmsFilter, start: SmsStart, limit: number): Promise<SmsRecord[]> {
  const values: unknown[] = [filter.accountId]
  const bind = (value: unknown) => `$${values.push(value)}`
  const order = start.kind === 'before' ? 'asc' : 'desc'
  const range = rangeOf(filter, start, bind)
  const needed = start.kind === 'offset' ? start.offset + limit : limit
  const bound = bind(needed)
  const arms = armsOf(filter, bind).map(
    arm => `(select ${smsColumns}
      from sms s
      where s.account_id = $1 and s.deleted_at is null${[...arm, ...range].map(each => `\n        and ${each}`).join('')}
      order by s.listed_at ${order}, s.id ${order}
      limit ${bound})`,
  )
  const offset = start.kind === 'offset' ? start.offset : 0
  return db.query<SmsRecord>(
    `select found.*
     from (${arms.join(' union all ')}) as found
     order by found."listedAt" ${order}, found.id ${order}
     limit ${bind(limit)} offset ${bind(offset)}`,
    values,
  )
}

type Bind = (value: unknown) => string

/**
 * The ways in which a text can fit its addresses, each along one index: to a person from us, or to us from a person.
 * Both are read newest first and merged, so that a page costs the same however long the list is.
 */
function armsOf({ to, from }: SmsFilter, bind: Bind): string[][] {
  if (to === undefined && from === undefined) return [[]]
  const outbound = ["s.direction = 'out'"]
  const inbound = ["s.direction = 'in'"]
  // A number may have a million texts and a person never has: with both, only the person's index may be walked.
  const number = to !== undefined && from !== undefined ? "(s.number || '')" : 's.number'
  if (to !== undefined) {
    const address = bind(to)
    outbound.push(`s.person = ${address}`)
    inbound.push(`${number} = ${address}`)
  }
  if (from !== undefined) {
    const address = bind(from)
    outbound.push(`${number} = ${address}`)
    inbound.push(`s.person = ${address}`)
  }
  return [outbound, inbound]
}

function rangeOf({ since, before }: SmsFilter, start: SmsStart, bind: Bind): string[] {
  const range: string[] = []
  if (since) range.push(`s.listed_at >= ${bind(since)}`)
  if (before) range.push(`s.listed_at < ${bind(before)}`)
  if (start.kind !== 'offset') {
    const [listedAtMs, id] = start.key
    const sign = start.kind === 'after' ? '<' : '>'
    range.push(`(s.listed_at, s.id) ${sign} (${bind(new Date(Number(listedAtMs)))}, ${bind(id)}::uuid)`)
  }
  return range
}
