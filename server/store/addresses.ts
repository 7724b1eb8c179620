import type { Write } from './changes.ts'
import { insertFrom, selectList, table, updateFrom } from './rows.ts'

/** What happens to a text that reaches the address and belongs to no thread. */
export interface AutoCreation {
  enabled: boolean
  kind: 'webhook' | 'studio' | 'default'
  /** The service that threads are opened in; the account's default one unless named. */
  serviceId?: string
  webhookUrl?: string
  webhookMethod?: 'GET' | 'POST'
  webhookFilters?: string[]
  studioFlowSid?: string
  studioRetryCount?: number
}

/** An address of ours with its rule. */
export interface AddressRule {
  id: string
  kind: string
  /** A number of ours, or the id of a pool for its numbers that have no rule of their own. */
  address: string
  friendlyName: string | null
  country: string | null
  autoCreation: AutoCreation
  createdAt: Date
  updatedAt: Date
  version: number
  born: number
}

const addressTable = table('addresses', {
  id: 'uuid',
  kind: 'text',
  address: 'text',
  friendly_name: 'text',
  country: 'text',
  auto_creation: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  version: 'bigint',
  born: 'bigint',
})

export const addressColumns = selectList(addressTable, 'a')

export const insertAddress: Write<AddressRule> = {
  name: 'new_addresses',
  sql: parameter => insertFrom(addressTable, parameter),
}

export const updateAddress: Write<AddressRule> = {
  name: 'changed_addresses',
  sql: parameter => updateFrom(addressTable, ['id'], parameter),
}

/** Takes rules away: rows are `{ id }`. */
export const deleteAddress: Write<{ id: string }> = {
  name: 'old_addresses',
  sql: parameter => `delete from addresses as a
    using json_to_recordset($${parameter}::json) as r(id uuid)
    where a.account_id = $1 and a.id = r.id`,
}

/** Rules by address: `$1` account, `$2` JSON array of addresses. */
export const loadAddressRules = `select ${addressColumns}
  from json_array_elements_text($2::json) as asked(address)
  join addresses a on a.account_id = $1 and a.address = asked.address`

/** Rules by id: `$1` account, `$2` JSON array of ids. */
export const loadAddressesById = `select ${addressColumns}
  from json_array_elements_text($2::json) as asked(id)
  join addresses a on a.account_id = $1 and a.id = asked.id::uuid`

/** Rules that open threads in a service: `$1` account, `$2` service. */
export const loadAddressRulesOfService = `select ${addressColumns}
  from addresses a
  where a.account_id = $1 and a.auto_creation ->> 'serviceId' = $2`
