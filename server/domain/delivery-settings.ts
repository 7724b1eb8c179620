import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { PRIORITIES, type Priority } from './priority.ts'
import { type NumberRates, type SENDER_KINDS, USUAL_RATES } from './send-rates.ts'

const Strict = { additionalProperties: false }
const Rate = Type.Number({ exclusiveMinimum: 0, maximum: 100_000 })
const Null = Type.Null()

const Route = Type.Object(
  {
    prefix: Type.String({ pattern: '^(\\+?[0-9]{0,15})$', description: 'What persons\' numbers begin with; "": all' }),
    carriers: Type.Array(Type.String(), { minItems: 1, maxItems: 8, description: 'Names, the first one first' }),
  },
  Strict,
)
const Routes = Type.Array(Route, { maxItems: 500 })
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

/** How texts of a whole account leave, as a program or a seed file says it. Null takes a setting back. */
export const WrittenAccountDelivery = Type.Object(
  {
    perSecond: Type.Optional(Type.Union([Null, Rate])),
    numberRates: Type.Optional(
      Type.Union([
        Null,
        Type.Literal('usual'),
        Type.Partial(Type.Object({ local: Rate, mobile: Rate, toll_free: Rate, short_code: Rate, name: Rate }), Strict),
      ]),
    ),
    quietHours: Type.Optional(Type.Union([Null, Type.Object({ from: TimeOfDay, to: TimeOfDay }, Strict)])),
    routes: Type.Optional(Type.Union([Null, Routes])),
  },
  Strict,
)
export type WrittenAccountDelivery = Static<typeof WrittenAccountDelivery>

/** How texts of one number leave. */
export const WrittenNumberDelivery = Type.Object(
  {
    perSecond: Type.Optional(Type.Union([Null, Rate])),
    priority: Type.Optional(Type.Union([Null, Type.Enum(PRIORITIES)])),
    routes: Type.Optional(Type.Union([Null, Routes])),
  },
  Strict,
)
export type WrittenNumberDelivery = Static<typeof WrittenNumberDelivery>

/** How texts of an account leave, with the ids of carriers; from the key `delivery` of its settings. */
export type AccountDelivery = WrittenAccountDelivery
/** The same of a number, from the key `delivery` of the number's settings. */
export type NumberDelivery = WrittenNumberDelivery

/** Reads what was stored of an account; what is missing or not understood is not set. */
export function accountDelivery(settings: Record<string, unknown>): AccountDelivery {
  return Value.Check(WrittenAccountDelivery, settings.delivery) ? settings.delivery : {}
}

/** Reads what was stored of a number; what is missing or not understood is not set. */
export function numberDelivery(settings: Record<string, unknown>): NumberDelivery {
  return Value.Check(WrittenNumberDelivery, settings.delivery) ? settings.delivery : {}
}

/** The priority that is stored under a pool's or number's settings; null: none. */
export function priorityOf(settings: Record<string, unknown>): Priority | null {
  return PRIORITIES.find(each => each === settings.priority) ?? null
}

/** Segments a second that a number of that kind may send by its account's settings; null: as many as its carrier takes. */
export function rateOfKind({ numberRates }: AccountDelivery, kind: (typeof SENDER_KINDS)[number]): number | null {
  const rates: NumberRates = numberRates === 'usual' ? USUAL_RATES : (numberRates ?? {})
  return rates[kind] ?? null
}
