import type { Write } from './changes.ts'

/** Puts settings of the account in place of those of the same names. */
export const mergeAccountSettings: Write<{ settings: Record<string, unknown>; updatedAt: Date }> = {
  name: 'merged_account_settings',
  sql: parameter => `update accounts as a
    set settings = a.settings || r.settings, updated_at = r."updatedAt"
    from json_to_recordset($${parameter}::json) as r(settings jsonb, "updatedAt" timestamptz)
    where a.account_id = $1`,
}
