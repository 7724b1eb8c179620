import type { Write } from './changes.ts'

/** How opt-outs work on a number or pool: the key `optOut` of its settings. */
export interface OptOutSettingsRow {
  /** The id of the number or pool. */
  id: string
  optOut: unknown
  updatedAt: Date
  version: number
}

export const setNumberOptOut: Write<OptOutSettingsRow> = {
  name: 'number_opt_out_settings',
  sql: parameter => mergeInto('numbers', parameter),
}

export const setPoolOptOut: Write<OptOutSettingsRow> = {
  name: 'pool_opt_out_settings',
  sql: parameter => mergeInto('pools', parameter),
}

function mergeInto(table: 'numbers' | 'pools', parameter: number): string {
  return `update ${table} as t
    set settings = t.settings || jsonb_build_object('optOut', r."optOut"),
      updated_at = r."updatedAt",
      version = r.version
    from json_to_recordset($${parameter}::json) as r(id uuid, "optOut" jsonb, "updatedAt" timestamptz, version bigint)
    where t.account_id = $1 and t.id = r.id`
}
