import type { Queryable } from '../../kit/queryable.ts'
import { type OptOutRow, optOutColumns } from '../opt-outs.ts'

export type OptOutRecord = OptOutRow

export interface OptOutFilter {
  accountId: string
  person?: string | undefined
  /** A number of ours (which stands for its pool too, where it is in one) or the UUID of a pool. */
  scope?: string | undefined
  /** Also those that were lifted. */
  isHistory?: boolean | undefined
  /** Only rows born before this: where the page before ended. */
  before?: number | undefined
  limit: number
}

/** Who opted out, the latest first. */
export function listOptOuts(db: Queryable, filter: OptOutFilter): Promise<OptOutRecord[]> {
  return db.query<OptOutRecord>(
    `select ${optOutColumns}
     from opt_outs o
     where o.account_id = $1
       and o.born < $2
       and ($3::text is null or o.person = $3)
       and ($4::text is null or o.scope = $4 or o.scope = (
         select n.pool_id::text from numbers n where n.account_id = $1 and n.number = $4 and n.released_at is null))
       and ($5 or o.ended_at is null)
     order by o.born desc
     limit $6`,
    [
      filter.accountId,
      filter.before ?? Number.MAX_SAFE_INTEGER,
      filter.person ?? null,
      filter.scope ?? null,
      filter.isHistory ?? false,
      filter.limit,
    ],
  )
}

export interface WishRecord {
  smsId: string
  mediaCount: number
  others: string[] | null
  scope: string
  person: string
  number: string
  body: string
  heardAt: Date
  born: number
}

/** Texts that seem to ask for no more texts and wait to be looked at, the latest first. */
export function listOptOutWishes(
  db: Queryable,
  { accountId, before, limit }: { accountId: string; before?: number | undefined; limit: number },
): Promise<WishRecord[]> {
  return db.query<WishRecord>(
    `select w.sms_id as "smsId", s.media_count as "mediaCount", s.others, w.scope, s.person, s.number, s.body,
       w.heard_at as "heardAt", w.born
     from opt_out_wishes w
     join sms s on s.account_id = $1 and s.id = w.sms_id and s.deleted_at is null
     where w.account_id = $1 and w.reviewed_at is null and w.born < $2
     order by w.born desc
     limit $3`,
    [accountId, before ?? Number.MAX_SAFE_INTEGER, limit],
  )
}
