import { checkCarrier } from './carriers/open-carrier.ts'
import { parseCarrier } from './domain/carrier-record.ts'
import { movableClock } from './domain/clock.ts'
import { sid, uuidOfSid } from './domain/ids.ts'
import type { Seal } from './kit/seal.ts'
import { findCarriersNamed } from './store/carriers.ts'
import type { Database } from './store/db.ts'

/** Reaches a carrier as it is set up; one line of how it went. Throws with one line of what is wrong. */
export async function testCarrier(
  db: Database,
  seal: Seal,
  { name, account }: { name: string; account: string | undefined },
): Promise<string> {
  const accountId = account && uuidOfSid('AC', account)
  const found = (await findCarriersNamed(db, name)).filter(each => !account || each.accountId === accountId)
  const [carrier, ...others] = found
  if (!carrier) throw new Error(`There is no carrier ${name}${account ? ` of ${account}` : ''}.`)
  if (others.length > 0) {
    const accounts = found.map(each => sid('AC', each.accountId)).join(', ')
    throw new Error(`Several accounts have a carrier ${name}; say which with --account: ${accounts}.`)
  }
  const { kind, settings, secrets } = carrier
  const draft = parseCarrier({ ...settings, ...JSON.parse(seal.open(secrets)), name, kind })
  return checkCarrier(
    draft,
    movableClock(() => 0),
  )
}
