import type { SeededAccount } from './core/seed/apply-seed.ts'
import { DEMO_SEED } from './domain/seed.ts'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

export interface Arrival {
  url: string
  /** The accounts that this start made, with their secrets: shown once. */
  seeded: SeededAccount[]
  /** Whether the built-in demo account is there to try. */
  isDemo: boolean
  host: string
}

/** What a person reads when the server is up: where it is, and what to try. */
export function welcome({ url, seeded, isDemo, host }: Arrival): string {
  const lines = [`Heddle is ready at ${url}`]
  for (const account of seeded) {
    lines.push('', `Account ${account.name}`, `  SID     ${account.sid}`, `  token   ${account.authToken}`)
    for (const key of account.keys) lines.push(`  key     ${key.sid}  secret ${key.secret}`)
    if (account.client) {
      lines.push(`  client  ${account.client.clientId}  secret ${account.client.clientSecret} (RingCentral's SDKs)`)
    }
    for (const user of account.users) {
      lines.push(
        `  user    ${user.identity}  password ${user.password}  JWT ${user.jwt}  extension ${user.extensionId}`,
      )
    }
    if (account.numbers.length > 0) lines.push(`  numbers ${account.numbers.slice(0, 10).join(', ')}`)
  }
  if (isDemo) {
    lines.push('', 'Be a phone, in another terminal:', '  node heddle.mjs phone +15557770001 --to +15550001000')
    if (!LOOPBACK.has(host)) {
      lines.push('', `The demo account's token is public and the server listens on ${host}:`)
      lines.push(`  give it accounts of your own with HEDDLE_SEED (the demo is ${DEMO_SEED.accounts[0]?.sid}).`)
    }
  }
  return lines.join('\n')
}
