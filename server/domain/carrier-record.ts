import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { findWrongName } from './gateway-names.ts'
import { GatewaySecrets, GatewaySettings } from './gateway-settings.ts'
import { SmppSecrets, SmppSettings } from './smpp-settings.ts'
import { TwilioSecrets, TwilioSettings } from './twilio-settings.ts'

/** What each kind of carrier is told: settings, which anyone of the account may see, and secrets. */
const SHAPES = {
  smpp: { settings: SmppSettings, secrets: SmppSecrets },
  http: { settings: GatewaySettings, secrets: GatewaySecrets },
  twilio: { settings: TwilioSettings, secrets: TwilioSecrets },
} as const

export type CarrierKind = keyof typeof SHAPES
export const CARRIER_KINDS = Object.keys(SHAPES) as CarrierKind[]

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
export type CarrierDraft = { [Kind in CarrierKind]: DraftOf<Kind> }[CarrierKind]

interface DraftOf<Kind extends CarrierKind> {
  name: string
  kind: Kind
  settings: Static<(typeof SHAPES)[Kind]['settings']>
  secrets: Static<(typeof SHAPES)[Kind]['secrets']>
}

/** Parts what a carrier is told into settings and secrets. Throws with the first thing that is wrong, for the operator. */
export function parseCarrier(written: WrittenCarrier & Record<string, unknown>): CarrierDraft {
  const { name, kind, ...rest } = written
  const shape: { settings: Type.TObject; secrets: Type.TObject } = SHAPES[kind]
  const isSecret = (key: string) => key in shape.secrets.properties
  const pick = (wanted: boolean) => Object.fromEntries(Object.entries(rest).filter(([key]) => isSecret(key) === wanted))
  const settings = pick(false)
  const secrets = pick(true)
  if (!Value.Check(shape.settings, settings)) throw wrong(name, Value.Errors(shape.settings, settings)[0])
  if (!Value.Check(shape.secrets, secrets)) throw wrong(name, Value.Errors(shape.secrets, secrets)[0])
  // Both were just checked against the shapes of their kind.
  const draft = { name, kind, settings, secrets } as CarrierDraft
  const wrongName = draft.kind === 'http' ? findWrongName(draft.settings, draft.secrets) : null
  if (wrongName !== null) throw new Error(`Carrier ${name} is wrong: ${wrongName}.`)
  return draft
}

function wrong(name: string, first: { instancePath: string; message: string } | undefined): Error {
  return new Error(
    `Carrier ${name} is wrong${first?.instancePath ? ` at ${first.instancePath}` : ''}: ${first?.message}.`,
  )
}
