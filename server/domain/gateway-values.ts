import Type, { type Static } from 'typebox'

/** Text with `{names}` that are filled in. See docs/http-gateways.md. */
export const Template = Type.String()
/** Where a value is found, such as `data.payload.id`. See docs/http-gateways.md. */
export const Path = Type.String({ minLength: 1 })
export const Strict = { additionalProperties: false }
export const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

/** A value of an event: the first path that leads to something, perhaps told in other words. */
export const Field = Type.Union([
  Path,
  Type.Array(Path, { minItems: 1 }),
  Type.Object(
    {
      path: Type.Optional(Type.Union([Path, Type.Array(Path, { minItems: 1 })])),
      /** Of what is found, what follows the last of this character. */
      after: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
      /** What is found as what is meant. */
      map: Type.Optional(Type.Record(Type.String(), Type.String())),
      /** What is meant when nothing is found, or the map does not have it. */
      otherwise: Type.Optional(Type.String()),
    },
    Strict,
  ),
])

/** Paths and what must be found there: one of several values, `*` for anything, an empty text for nothing. */
export const Condition = Type.Record(Path, Type.Union([Scalar, Type.Array(Scalar)]))

export type GatewayField = Static<typeof Field>
export type GatewayCondition = Static<typeof Condition>
