import type { Write } from './changes.ts'
import type { Lookup } from './lookup.ts'
import { insertFrom, selectList, table } from './rows.ts'

/** A person who asked not to be texted from one of our numbers, or from any number of a pool. */
export interface OptOutRow {
  /** A number of ours, or the UUID of a pool. */
  scope: string
  person: string
  /** The person's own text, the account's owner, a list that the owner brought, or a carrier's refusal. */
  source: 'text' | 'owner' | 'import' | 'carrier'
  /** The text by which the person asked, or which the carrier refused. */
  said: string | null
  smsId: string | null
  beganAt: Date
  /** When it was lifted; null while it holds. */
  endedAt: Date | null
  version: number
  born: number
}

const optOutTable = table('opt_outs', {
  scope: 'text',
  person: 'text',
  source: 'text',
  said: 'text',
  sms_id: 'uuid',
  began_at: 'timestamptz',
  ended_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const optOutColumns = selectList(optOutTable, 'o')

/** Opt-outs of scopes and persons. */
export const optOutsOfScopes: Lookup<OptOutRow> = {
  table: 'opt_outs',
  key: ['scope', 'person'],
  sql: `select ${optOutColumns}
    from json_to_recordset($2::json) as asked(scope text, person text)
    join opt_outs o on o.account_id = $1 and o.scope = asked.scope and o.person = asked.person`,
}

/** One row a scope and person; the row keeps the `born` of its first time. */
export const putOptOut: Write<OptOutRow> = {
  name: 'put_opt_outs',
  leaves: { lookup: optOutsOfScopes, row: row => ({ ...row }) },
  sql: parameter =>
    insertFrom(
      optOutTable,
      parameter,
      `on conflict (account_id, scope, person) do update
       set source = excluded.source, said = excluded.said, sms_id = excluded.sms_id, began_at = excluded.began_at,
         ended_at = excluded.ended_at, version = excluded.version`,
    ),
}

/** A text that may be a wish for no more texts, to be looked at by a person. */
export interface OptOutWish {
  smsId: string
  scope: string
  heardAt: Date
  born: number
}

const wishTable = table('opt_out_wishes', { sms_id: 'uuid', scope: 'text', heard_at: 'timestamptz', born: 'bigint' })

export const insertWish: Write<OptOutWish> = {
  name: 'new_opt_out_wishes',
  sql: parameter => insertFrom(wishTable, parameter),
}

/** Marks wishes as looked at. */
export const reviewWish: Write<{ smsId: string; reviewedAt: Date }> = {
  name: 'reviewed_opt_out_wishes',
  sql: parameter => `update opt_out_wishes as w
    set reviewed_at = r."reviewedAt"
    from json_to_recordset($${parameter}::json) as r("smsId" uuid, "reviewedAt" timestamptz)
    where w.account_id = $1 and w.sms_id = r."smsId"`,
}

/** Of these texts, those whose wish waits to be looked at: `$1` account, `$2` JSON array of ids. */
export const loadOpenWishes = `select w.sms_id as "smsId"
  from json_array_elements_text($2::json) as asked(id)
  join opt_out_wishes w on w.account_id = $1 and w.sms_id = asked.id::uuid and w.reviewed_at is null`
