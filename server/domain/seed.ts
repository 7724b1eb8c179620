import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { WrittenCarrier } from './carrier-record.ts'
import { WrittenAccountDelivery, WrittenNumberDelivery } from './delivery-settings.ts'
import { ADDRESS_REQUIREMENTS, INVENTORY_KINDS } from './inventory.ts'
import { EXHAUSTED_POLICIES, PICKS, PREFERENCES } from './pool-choice.ts'
import { ASSIGNS } from './queue.ts'

/** ISO 8601 with whole days, hours, minutes and seconds. */
const DURATION = '^P(?=.)([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$'
const Method = Type.Union([Type.Literal('GET'), Type.Literal('POST')])

const Abilities = Type.Partial(
  Type.Object({ voice: Type.Boolean(), sms: Type.Boolean(), mms: Type.Boolean(), fax: Type.Boolean() }),
)

const SeedNumber = Type.Object({
  number: Type.String({ pattern: '^(\\+[1-9][0-9]{6,14}|[0-9]{3,8})$' }),
  sid: Type.Optional(Type.String({ pattern: '^(PN|SC)[0-9a-fA-F]{32}$' })),
  carrier: Type.Optional(Type.String()),
  type: Type.Optional(
    Type.Union([Type.Literal('local'), Type.Literal('mobile'), Type.Literal('toll_free'), Type.Literal('short_code')]),
  ),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  friendlyName: Type.Optional(Type.String()),
  smsUrl: Type.Optional(Type.String()),
  smsMethod: Type.Optional(Method),
  smsFallbackUrl: Type.Optional(Type.String()),
  smsFallbackMethod: Type.Optional(Method),
  queue: Type.Optional(Type.String()),
  /** How its texts leave; follows the seed. */
  delivery: Type.Optional(WrittenNumberDelivery),
  /** What it can do: texts and files unless said. */
  capabilities: Type.Optional(Abilities),
})

const SeedInventory = Type.Object({
  number: Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' }),
  type: Type.Optional(Type.Enum(INVENTORY_KINDS)),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  carrier: Type.Optional(Type.String()),
  region: Type.Optional(Type.String()),
  locality: Type.Optional(Type.String()),
  postalCode: Type.Optional(Type.String()),
  rateCenter: Type.Optional(Type.String()),
  lata: Type.Optional(Type.String()),
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  addressRequirements: Type.Optional(Type.Enum(ADDRESS_REQUIREMENTS)),
  beta: Type.Optional(Type.Boolean()),
  capabilities: Type.Optional(Abilities),
})

const ExtensionId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const ExtensionNumber = Type.String({ pattern: '^[0-9]{1,8}$' })

/** A user of the account's default conversation service, who may sign in and handle queues. */
const SeedUser = Type.Object({
  identity: Type.String({ minLength: 1, maxLength: 256 }),
  name: Type.Optional(Type.String({ minLength: 1 })),
  password: Type.Optional(Type.String({ minLength: 1 })),
  /** Any text: shown as the JWT credential, it lets the user in. */
  jwt: Type.Optional(Type.String({ minLength: 1 })),
  extensionId: Type.Optional(ExtensionId),
  extensionNumber: Type.Optional(ExtensionNumber),
  /** May change queues and their handlers; true unless said. */
  isAdmin: Type.Optional(Type.Boolean()),
  /** Takes threads that queues give out; false unless said. */
  onDuty: Type.Optional(Type.Boolean()),
})

const SeedQueue = Type.Object({
  name: Type.String({ minLength: 1 }),
  kind: Type.Optional(Type.Union([Type.Literal('queue'), Type.Literal('site'), Type.Literal('main_site')])),
  extensionId: Type.Optional(ExtensionId),
  extensionNumber: Type.Optional(ExtensionNumber),
  /** Identities of users. */
  handlers: Type.Optional(Type.Array(Type.String())),
  /** How long a thread without a message stays open, as an ISO 8601 duration; 72 hours unless said. */
  closesAfter: Type.Optional(Type.String()),
  anyoneReassigns: Type.Optional(Type.Boolean()),
  linksPrevious: Type.Optional(Type.Boolean()),
  claimsOnReply: Type.Optional(Type.Boolean()),
  assigns: Type.Optional(Type.Enum(ASSIGNS)),
  countsUnread: Type.Optional(Type.Boolean()),
})

const SeedRingCentral = Type.Object({
  clientId: Type.String({ minLength: 1 }),
  clientSecret: Type.Optional(Type.String({ minLength: 1 })),
  accountId: Type.Optional(ExtensionId),
  redirectUris: Type.Optional(Type.Array(Type.String())),
})

/** A name that texts come from; its carrier is the one of the pool's numbers unless said. */
const SeedName = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 11 }),
  country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$' })),
  carrier: Type.Optional(Type.String()),
})

const SeedPool = Type.Object({
  sid: Type.Optional(Type.String({ pattern: '^MG[0-9a-fA-F]{32}$' })),
  name: Type.String({ minLength: 1 }),
  numbers: Type.Optional(Type.Array(Type.String())),
  names: Type.Optional(Type.Array(SeedName)),
  order: Type.Optional(Type.Enum(PICKS)),
  prefers: Type.Optional(Type.Array(Type.Enum(PREFERENCES))),
  exhausted: Type.Optional(Type.Enum(EXHAUSTED_POLICIES)),
  cooldown: Type.Optional(Type.String({ pattern: DURATION })),
  strict: Type.Optional(Type.Boolean()),
  lateFor: Type.Optional(Type.String({ pattern: DURATION })),
  rememberFor: Type.Optional(Type.String({ pattern: DURATION })),
  expiresAfter: Type.Optional(Type.String({ pattern: DURATION })),
  pricePerNumber: Type.Optional(Type.Number({ minimum: 0 })),
})

const SeedAccount = Type.Object({
  sid: Type.Optional(Type.String({ pattern: '^AC[0-9a-fA-F]{32}$' })),
  authToken: Type.Optional(Type.String({ minLength: 1 })),
  name: Type.String(),
  apiKeys: Type.Optional(
    Type.Array(
      Type.Object({
        sid: Type.Optional(Type.String({ pattern: '^SK[0-9a-fA-F]{32}$' })),
        secret: Type.Optional(Type.String({ minLength: 1 })),
        name: Type.Optional(Type.String()),
      }),
    ),
  ),
  numbers: Type.Optional(Type.Array(SeedNumber)),
  pools: Type.Optional(Type.Array(SeedPool)),
  /** How numbers reach providers; what each is told besides its name and kind depends on the kind. */
  carriers: Type.Optional(Type.Array(WrittenCarrier)),
  /** How texts of all numbers leave; follows the seed. */
  delivery: Type.Optional(WrittenAccountDelivery),
  /** What the account and its children can buy. */
  inventory: Type.Optional(Type.Array(SeedInventory)),
  /** The default conversation service. */
  chatServiceSid: Type.Optional(Type.String({ pattern: '^IS[0-9a-fA-F]{32}$' })),
  ringcentral: Type.Optional(SeedRingCentral),
  users: Type.Optional(Type.Array(SeedUser)),
  queues: Type.Optional(Type.Array(SeedQueue)),
})

const SeedFile = Type.Object({ accounts: Type.Array(SeedAccount) })

/** What a seed file holds. Ids and secrets are optional; what is absent is made. */
export type Seed = Static<typeof SeedFile>
export type SeedAccount = Static<typeof SeedAccount>
export type SeedNumber = Static<typeof SeedNumber>
export type SeedUser = Static<typeof SeedUser>
export type SeedQueue = Static<typeof SeedQueue>
export type SeedPool = Static<typeof SeedPool>
export type SeedInventory = Static<typeof SeedInventory>

/** Reads a parsed seed file. Throws with the first place that is wrong, for the operator. */
export function parseSeed(file: unknown): Seed {
  if (Value.Check(SeedFile, file)) return file
  const first = Value.Errors(SeedFile, file)[0]
  throw new Error(`The seed file is wrong at ${first?.instancePath || 'its top'}: ${first?.message ?? 'not a seed'}.`)
}

const DEMO_POOL = ['+15550003001', '+15550003002', '+15550003003', '+15550003004', '+15550003005']

/** The account that a fresh server starts with. Its token is public: for trying out, on this machine only. */
export const DEMO_SEED: Seed = {
  accounts: [
    {
      sid: 'AC00000000000000000000000000000001',
      authToken: '0123456789abcdef0123456789abcdef',
      name: 'Demo',
      numbers: [
        { number: '+15550001000', smsUrl: 'http://127.0.0.1:9000/sms' },
        { number: '+15550001001', smsUrl: 'http://127.0.0.1:9000/sms' },
        { number: '+15550002000', queue: 'Billing Queue' },
        ...DEMO_POOL.map(number => ({ number })),
      ],
      pools: [{ name: 'Threads', numbers: DEMO_POOL }],
      ringcentral: { clientId: 'demo', clientSecret: 'demo', accountId: 400001 },
      users: [
        { identity: 'ann', name: 'Ann Lee', extensionId: 101, password: 'demo', jwt: 'ann-jwt' },
        { identity: 'bob', name: 'Bob Ray', extensionId: 102, password: 'demo', jwt: 'bob-jwt' },
      ],
      queues: [{ name: 'Billing Queue', extensionId: 201, handlers: ['ann', 'bob'] }],
      inventory: [
        { number: '+15550009001', country: 'US' },
        { number: '+15550009002', country: 'US' },
        { number: '+18005550009', country: 'US', type: 'toll_free' },
      ],
    },
  ],
}
