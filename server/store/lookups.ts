import type { Write } from './changes.ts'

/** Who holds a number or a credential: one account, of all accounts. */
export interface Lookup {
  kind: 'number' | 'key'
  key: string
}

/** The constraint that fails an act which claims what another account holds. */
export const LOOKUPS_KEY = 'lookups_pkey'

/** Claims numbers and credentials for the account. Fails on `LOOKUPS_KEY` when one is held already. */
export const claimLookup: Write<Lookup> = {
  name: 'claimed_lookups',
  sql: parameter => `insert into lookups (kind, key, account_id)
    select r.kind, r.key, $1
    from json_to_recordset($${parameter}::json) as r(kind text, key text)`,
}

export const freeLookup: Write<Lookup> = {
  name: 'freed_lookups',
  sql: parameter => `delete from lookups as l
    using json_to_recordset($${parameter}::json) as r(kind text, key text)
    where l.kind = r.kind and l.key = r.key and l.account_id = $1`,
}

/** Passes numbers on to another account. */
export const passLookup: Write<Lookup & { to: string }> = {
  name: 'passed_lookups',
  sql: parameter => `update lookups as l
    set account_id = r."to"
    from json_to_recordset($${parameter}::json) as r(kind text, key text, "to" uuid)
    where l.kind = r.kind and l.key = r.key and l.account_id = $1`,
}

/** Notes that the account held numbers which it gives up. */
export const notePastHolder: Write<{ number: string }> = {
  name: 'noted_past_holders',
  sql: parameter => `insert into past_holders (number, account_id)
    select r.number, $1
    from json_to_recordset($${parameter}::json) as r(number text)
    on conflict do nothing`,
}

/** Which numbers belong to some account of this server: `$1` JSON array of numbers. */
export const loadOwnedNumbers = `select l.key as number
  from json_array_elements_text($1::json) as asked(number)
  join lookups l on l.kind = 'number' and l.key = asked.number`
