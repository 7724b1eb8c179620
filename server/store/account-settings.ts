import type { SendingRules } from '../domain/sending-rules.ts'
import type { Write } from './changes.ts'
import type { HookSettings } from './hooks.ts'

/** What an account's owner set for all of it. Absent: as the house does it. */
export interface AccountSettings extends Record<string, unknown>, SendingRules {
  /** The service that is meant where none is named; the account's own id unless set. */
  defaultServiceId?: string
  /** The pool that a new thread names where it names none. */
  defaultPoolId?: string
  defaultInactiveAfterMs?: number | null
  defaultClosesAfterMs?: number | null
  /** Whether a number's app is also told of texts that belong to a thread. */
  callsForThreads?: boolean
  /** Files of texts are shown only to who has the account's credentials; else to who knows their URL. */
  mediaNeedsAuth?: boolean
  /** Numbers that a pool may have; without limit unless set. The last two: of pools that mask, not reserved and reserved. */
  maxNumbersPerPool?: number | null
  maxMaskingNumbers?: number | null
  maxReservedNumbers?: number | null
  /** Replies of apps that a pair may be sent within 30 s; without limit unless set. */
  maxRepliesIn30s?: number | null
  /** The account was suspended as its parent was, and is active again when its parent is. */
  isSuspendedWithParent?: boolean
  /** A hook is set somewhere in the account, or once was: without it nobody looks for hooks. */
  hasHooks?: boolean
  /** Apps that are asked and told about every thread of the account. */
  hooks?: HookSettings
  /** What a seed without a SID called the account: by that it is known, whatever its owner calls it since. */
  seedName?: string
  /** There while what the seed says is not all made, or its secrets were not shown. */
  seeding?: Seeding
}

/** A seed that is being applied. */
export interface Seeding {
  source: 'demo' | 'file'
  /** The secrets that it left open, as they were drawn; sealed, base64. */
  secrets: string
}

/** An account's settings: `$1` account. */
export const loadAccountSettings = 'select a.settings from accounts a where a.account_id = $1'

/** Sets some of an account's settings and leaves the others; one row. */
export const changeAccountSettings: Write<{ settings: AccountSettings; updatedAt: Date }> = {
  name: 'changed_account_settings',
  sql: parameter => `update accounts as a
    set settings = a.settings || r.settings, updated_at = r."updatedAt"
    from json_to_recordset($${parameter}::json) as r(settings jsonb, "updatedAt" timestamptz)
    where a.account_id = $1`,
}

/** Takes one of an account's settings away; one row. */
export const forgetAccountSetting: Write<{ name: keyof AccountSettings }> = {
  name: 'forgotten_account_setting',
  sql: parameter => `update accounts as a
    set settings = a.settings - r.name
    from json_to_recordset($${parameter}::json) as r(name text)
    where a.account_id = $1`,
}
