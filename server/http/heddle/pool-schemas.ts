import Type from 'typebox'
import { EXHAUSTED_POLICIES, PICKS, PREFERENCES } from '../../domain/pool-choice.ts'
import { PRIORITIES } from '../../domain/priority.ts'
import { HttpUrl, Nullable } from './schemas.ts'

const Duration = Type.String({ description: 'ISO 8601, such as PT72H' })
const Method = Type.Union([Type.Literal('GET'), Type.Literal('POST')])
/** Empty: none. */
const Url = Type.Union([HttpUrl, Type.Literal('')])

/** What is kept of a pool for the apps and texts that go through it. */
const settingsWith = <Schema extends Type.TSchema>(url: Schema) => ({
  inboundRequestUrl: Type.Optional(url),
  inboundMethod: Type.Optional(Method),
  fallbackUrl: Type.Optional(url),
  fallbackMethod: Type.Optional(Method),
  statusCallback: Type.Optional(url),
  useInboundWebhookOnNumber: Type.Optional(Type.Boolean()),
  stickySender: Type.Optional(Type.Boolean()),
  areaCodeGeomatch: Type.Optional(Type.Boolean()),
  smartEncoding: Type.Optional(Type.Boolean()),
  priority: Type.Optional(Type.Enum(PRIORITIES, { description: 'Of texts through it that say none' })),
})

const Rules = {
  order: Type.Optional(Type.Enum(PICKS, { description: 'The rule among the free numbers' })),
  prefers: Type.Optional(
    Type.Array(Type.Enum(PREFERENCES), {
      maxItems: PREFERENCES.length,
      uniqueItems: true,
      description: 'What counts before the rule, the first most',
    }),
  ),
  exhausted: Type.Optional(Type.Enum(EXHAUSTED_POLICIES)),
  cooldown: Type.Optional(Duration),
  strict: Type.Optional(Type.Boolean({ description: 'Resting numbers are not used at all' })),
  lateFor: Type.Optional(Duration),
  rememberFor: Type.Optional(Duration),
  expiresAfter: Type.Optional(Nullable(Duration)),
  pricePerNumber: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000 })),
}

const Name = Type.String({ minLength: 1, maxLength: 64 })
const Numbers = Type.Array(Type.String(), { maxItems: 10_000 })

export const CreatePool = Type.Object(
  { name: Name, numbers: Type.Optional(Numbers), ...Rules, ...settingsWith(Url) },
  { additionalProperties: false },
)
export const ChangePool = Type.Object(
  { name: Type.Optional(Name), ...Rules, ...settingsWith(Url) },
  { additionalProperties: false },
)

export const PoolRecord = Type.Object({
  id: Type.String({ format: 'uuid' }),
  sid: Type.String(),
  name: Type.String(),
  order: Type.Enum(PICKS),
  prefers: Type.Array(Type.Enum(PREFERENCES)),
  exhausted: Type.Enum(EXHAUSTED_POLICIES),
  cooldown: Type.String(),
  strict: Type.Boolean(),
  lateFor: Type.String(),
  rememberFor: Type.String(),
  expiresAfter: Nullable(Type.String()),
  pricePerNumber: Type.Number(),
  ...settingsWith(Type.String()),
  numbers: Type.Integer(),
  openThreads: Type.Integer(),
  createdAt: Type.String({ format: 'date-time' }),
  updatedAt: Type.String({ format: 'date-time' }),
})
export const PoolPage = Type.Object({ records: Type.Array(PoolRecord), next: Nullable(Type.Integer()) })

export const PoolPath = Type.Object({ pool: Type.String({ description: 'Name or MG SID' }) })
export const PoolNumberPath = Type.Object({ pool: Type.String(), number: Type.String() })
export const Page = Type.Object({
  before: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
})
export const NumberPage = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
})

const NumberState = Type.Union([Type.Literal('open'), Type.Literal('reserved'), Type.Literal('paused')], {
  description: 'Reserved numbers are given to threads that name them, paused ones to none',
})
export const AddNumbers = Type.Object({ numbers: Numbers }, { additionalProperties: false })
export const ChangeNumber = Type.Object({ state: NumberState }, { additionalProperties: false })
export const PoolNumberRecord = Type.Object({
  sid: Type.String(),
  number: Type.String(),
  state: NumberState,
  country: Type.String(),
  areaCode: Nullable(Type.String()),
  openThreads: Type.Integer(),
})
export const PoolNumberList = Type.Object({
  records: Type.Array(PoolNumberRecord),
  next: Nullable(Type.Integer()),
})

export const RefusalPage = Type.Object({
  records: Type.Array(
    Type.Object({
      id: Type.String({ format: 'uuid' }),
      person: Type.String(),
      room: Nullable(Type.String()),
      held: Type.Integer({ description: 'Numbers of the pool that the person held' }),
      numbersNeeded: Type.Integer(),
      at: Type.String({ format: 'date-time' }),
    }),
  ),
  next: Nullable(Type.Integer()),
})

export const CapacityAsked = Type.Object({ days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })) })
export const Capacity = Type.Object({
  pool: Type.String(),
  numbers: Type.Integer(),
  openThreads: Type.Integer(),
  mostNow: Type.Integer({ description: 'The most that one person holds now' }),
  mostAtOnce: Type.Integer({ description: 'The most that one person held at once' }),
  refusals: Type.Integer(),
  waits: Type.Integer(),
  numbersNeeded: Type.Integer({ description: 'With so many, nobody had been refused' }),
  costPerMonth: Type.Number({ description: 'Of the numbers that the pool has' }),
  costNeeded: Type.Number({ description: 'Of the numbers needed' }),
  pricePerNumber: Type.Number(),
  days: Type.Array(
    Type.Object({
      day: Type.String({ format: 'date' }),
      opened: Type.Integer(),
      closed: Type.Integer(),
      refusals: Type.Integer(),
      waits: Type.Integer(),
      mostAtOnce: Type.Integer(),
      numbersNeeded: Type.Integer(),
    }),
  ),
})
