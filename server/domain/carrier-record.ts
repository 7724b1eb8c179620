import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { SmppSecrets, SmppSettings } from './smpp-settings.ts'

export const CARRIER_KINDS = ['smpp'] as const
export type CarrierKind = (typeof CARRIER_KINDS)[number]

/** What every carrier is told; what else depends on its kind. */
export const WrittenCarrier = Type.Object({
  name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$' }),
  kind: Type.Enum(CARRIER_KINDS),
})
export type WrittenCarrier = Static<typeof WrittenCarrier>

/**
 * A carrier of an account: settings, which anyone of the account may see, and secrets, which are sealed before they are
 * kept and never shown.
 */
export interface CarrierDraft {
  name: string
  kind: 'smpp'
  settings: SmppSettings
  secrets: SmppSecrets
}

/** Parts what a carrier is told into settings and secrets. Throws with the first thing that is wrong, for the operator. */
export function parseCarrier(written: WrittenCarrier & Record<string, unknown>): CarrierDraft {
  const { name, kind, ...rest } = written
  const isSecret = (key: string) => key in SmppSecrets.properties
  const pick = (wanted: boolean) => Object.fromEntries(Object.entries(rest).filter(([key]) => isSecret(key) === wanted))
  const settings = pick(false)
  const secrets = pick(true)
  if (!Value.Check(SmppSettings, settings)) throw wrong(name, Value.Errors(SmppSettings, settings)[0])
  if (!Value.Check(SmppSecrets, secrets)) throw wrong(name, Value.Errors(SmppSecrets, secrets)[0])
  return { name, kind, settings, secrets }
}

function wrong(name: string, first: { instancePath: string; message: string } | undefined): Error {
  return new Error(
    `Carrier ${name} is wrong${first?.instancePath ? ` at ${first.instancePath}` : ''}: ${first?.message}.`,
  )
}
