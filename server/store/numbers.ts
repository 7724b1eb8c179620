import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** How one of our numbers routes what reaches it, and who carries what leaves it. */
export interface NumberRoute {
  id: string
  number: string
  kind: 'local' | 'mobile' | 'toll_free' | 'short_code'
  carrier: string
  smsUrl: string
  smsMethod: 'GET' | 'POST'
  smsFallbackUrl: string
  smsFallbackMethod: 'GET' | 'POST'
  queueId: string | null
  poolId: string | null
  settings: Record<string, unknown>
}

/** Routes of numbers that the account holds: `$1` account, `$2` JSON array of numbers. */
export const loadNumberRoutes = `select n.id, n.number, n.kind, n.carrier,
    n.sms_url as "smsUrl", n.sms_method as "smsMethod",
    n.sms_fallback_url as "smsFallbackUrl", n.sms_fallback_method as "smsFallbackMethod",
    n.queue_id as "queueId", n.pool_id as "poolId", n.settings
  from json_array_elements_text($2::json) as asked(number)
  join numbers n on n.account_id = $1 and n.number = asked.number and n.released_at is null`

/** One of our numbers with everything that its owner may set. */
export interface OwnedNumber extends NumberRoute {
  country: string
  friendlyName: string
  statusCallback: string
  statusCallbackMethod: 'GET' | 'POST'
  smsApplicationId: string | null
  createdAt: Date
  updatedAt: Date
  version: number
  born: number
}

const ownedNumberTable = table('numbers', {
  id: 'uuid',
  number: 'text',
  kind: 'text',
  country: 'text',
  carrier: 'text',
  friendly_name: 'text',
  sms_url: 'text',
  sms_method: 'text',
  sms_fallback_url: 'text',
  sms_fallback_method: 'text',
  status_callback: 'text',
  status_callback_method: 'text',
  sms_application_id: 'uuid',
  queue_id: 'uuid',
  pool_id: 'uuid',
  settings: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const numberColumns = selectList(ownedNumberTable, 'n')

export const insertNumber: Write<OwnedNumber> = {
  name: 'new_numbers',
  sql: parameter => insertFrom(ownedNumberTable, parameter),
}

export const updateNumber: Write<OwnedNumber> = {
  name: 'changed_numbers',
  sql: parameter => updateFrom(ownedNumberTable, ['id'], parameter),
}
