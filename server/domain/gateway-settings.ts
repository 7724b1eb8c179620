import Type, { type Static } from 'typebox'
import { GatewayInbound, GatewayReceipts } from './gateway-events.ts'
import { GatewaySignature } from './gateway-signature.ts'
import { Field, Path, Scalar, Strict, Template } from './gateway-values.ts'

const Templates = Type.Record(Type.String(), Template)
const Milliseconds = Type.Integer({ minimum: 50, maximum: 86_400_000 })
const Name = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]*$' })

const Auth = Type.Union([
  Type.Object({ bearer: Template }, Strict),
  Type.Object({ basic: Type.Object({ user: Template, password: Template }, Strict) }, Strict),
])

const Call = {
  method: Type.Optional(Type.Enum(['GET', 'POST', 'PUT'])),
  url: Type.String({ pattern: '^(https?://|\\{)' }),
  query: Type.Optional(Templates),
  headers: Type.Optional(Templates),
}

const SendCall = Type.Object(
  {
    ...Call,
    /** The body as JSON; each text in it is a template. */
    json: Type.Optional(Type.Unknown()),
    /** The body as a form. */
    form: Type.Optional(Templates),
    /** Texts with more files, or with files of other types, go with the addresses of their files instead. */
    media: Type.Optional(
      Type.Object(
        {
          most: Type.Optional(Type.Integer({ minimum: 1 })),
          /** Beginnings of media types, such as `image/`. */
          types: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
        },
        Strict,
      ),
    ),
  },
  Strict,
)

const Format = Type.Enum(['json', 'form', 'text'])

const Answer = Type.Object(
  {
    /** JSON unless said. `text` has the whole body at `@body`. */
    format: Type.Optional(Format),
    /** The gateway's id of the text; several when it names each part. Without it our own reference is the id. */
    id: Type.Optional(Path),
    /** The gateway's code of an error. */
    code: Type.Optional(Field),
    /** Codes that mean that all is well. */
    ok: Type.Optional(Type.Array(Type.String())),
    message: Type.Optional(Field),
  },
  Strict,
)

/** What a status or a code of the gateway means: a code of ours (refused for good), or what to do. */
const Meaning = Type.Union([
  Type.Integer({ minimum: 10_000, maximum: 99_999 }),
  Type.Enum(['taken', 'retry', 'throttled', 'unknown']),
])
export type Meaning = Static<typeof Meaning>

const Check = Type.Object({ ...Call, expect: Type.Optional(Type.Array(Type.Integer())) }, Strict)

/** How a gateway is called and how it calls. All but `send` may be absent. See docs/http-gateways.md. */
export const GatewaySettings = Type.Object(
  {
    /** Texts of your own that templates name as `{value.name}`. */
    values: Type.Optional(Type.Record(Name, Scalar, Strict)),
    /** Tables for templates: `{from|sims}`. */
    maps: Type.Optional(Type.Record(Name, Type.Record(Type.String(), Scalar), Strict)),
    auth: Type.Optional(Auth),
    headers: Type.Optional(Templates),
    numbers: Type.Optional(
      Type.Object(
        {
          /** How the gateway writes phone numbers, and wants them: with a plus, or the digits alone. */
          form: Type.Optional(Type.Enum(['plus', 'digits'])),
          /** What goes before a national number that comes in, such as +44. */
          countryPrefix: Type.Optional(Type.String({ pattern: '^\\+[0-9]{1,4}$' })),
        },
        Strict,
      ),
    ),
    send: SendCall,
    /** Texts with files, where they are sent in another way. */
    sendMedia: Type.Optional(SendCall),
    /** Texts to several persons. */
    sendGroup: Type.Optional(SendCall),
    answer: Type.Optional(Answer),
    /** HTTP statuses by number or class: `429`, `5xx`. */
    statuses: Type.Optional(Type.Record(Type.String({ pattern: '^[1-5]([0-9]{2}|xx)$' }), Meaning, Strict)),
    /** The gateway's own codes, of answers and receipts. */
    errors: Type.Optional(Type.Record(Type.String(), Meaning)),
    answerWithinMs: Type.Optional(Milliseconds),
    /** Requests under way at a time. */
    atOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    maxPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    signature: Type.Optional(GatewaySignature),
    /** How requests of the gateway are read; by their content type unless said. */
    format: Type.Optional(Format),
    /** Where the event, or the list of events, is in the body; the whole body unless said. */
    events: Type.Optional(Path),
    inbound: Type.Optional(GatewayInbound),
    receipts: Type.Optional(GatewayReceipts),
    /** What the gateway is answered when all was taken; 200 and nothing unless said. */
    reply: Type.Optional(
      Type.Object(
        {
          status: Type.Optional(Type.Integer({ minimum: 200, maximum: 299 })),
          contentType: Type.Optional(Type.String()),
          body: Type.Optional(Type.String()),
        },
        Strict,
      ),
    ),
    check: Type.Optional(Check),
  },
  Strict,
)
export type GatewaySettings = Static<typeof GatewaySettings>
export type GatewaySend = Static<typeof SendCall>
export type GatewayCheck = Static<typeof Check>

/** What templates name as `{secret.name}`; kept sealed. */
export const GatewaySecrets = Type.Object(
  {
    secrets: Type.Optional(Type.Record(Name, Type.String({ minLength: 1 }), Strict)),
  },
  { additionalProperties: false },
)
export type GatewaySecrets = Static<typeof GatewaySecrets>
