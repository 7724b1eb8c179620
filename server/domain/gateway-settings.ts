import Type, { type Static } from 'typebox'

/** Text with `{names}` that are filled in. See docs/http-gateways.md. */
const Template = Type.String()
const Templates = Type.Record(Type.String(), Template)
/** Where a value is found, such as `data.payload.id`. See docs/http-gateways.md. */
const Path = Type.String({ minLength: 1 })
const Milliseconds = Type.Integer({ minimum: 50, maximum: 86_400_000 })
const Strict = { additionalProperties: false }
const Name = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]*$' })
const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

/** A value of an event: the first path that leads to something, perhaps told in other words. */
const Field = Type.Union([
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
const Condition = Type.Record(Path, Type.Union([Scalar, Type.Array(Scalar)]))

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

const Tolerance = Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 }))

/** How a request shows that it comes from the gateway. */
const Signature = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('hmac'),
      header: Type.String({ minLength: 1 }),
      key: Template,
      algorithm: Type.Optional(Type.Enum(['sha1', 'sha256', 'sha512'])),
      encoding: Type.Optional(Type.Enum(['hex', 'base64'])),
      /** What goes before the signature in its header, such as `sha256=`. */
      prefix: Type.Optional(Type.String()),
      /** `{body}` unless said. */
      signs: Type.Optional(Template),
      /** Where the time of the request is, where the gateway tells one. */
      timestamp: Type.Optional(Path),
      toleranceSeconds: Tolerance,
    },
    Strict,
  ),
  Type.Object(
    {
      kind: Type.Literal('ed25519'),
      header: Type.String({ minLength: 1 }),
      /** 32 bytes. */
      publicKey: Template,
      encoding: Type.Optional(Type.Enum(['hex', 'base64'])),
      signs: Type.Optional(Template),
      timestamp: Type.Optional(Path),
      toleranceSeconds: Tolerance,
    },
    Strict,
  ),
  /** A JSON Web Token in `Authorization`, HS256, that may carry the SHA-256 of the body. */
  Type.Object(
    {
      kind: Type.Literal('jwt'),
      key: Template,
      /** The claim that has the hash of the body, in hexadecimal. */
      bodyHash: Type.Optional(Type.String({ minLength: 1 })),
      toleranceSeconds: Tolerance,
    },
    Strict,
  ),
  /** A secret that the gateway shows. In a query it is part of the URLs that the gateway is given. */
  Type.Object(
    {
      kind: Type.Literal('token'),
      header: Type.Optional(Type.String({ minLength: 1 })),
      query: Type.Optional(Type.String({ minLength: 1 })),
      equals: Template,
    },
    Strict,
  ),
  Type.Object({ kind: Type.Literal('basic'), user: Template, password: Template }, Strict),
])
export type GatewaySignature = Static<typeof Signature>

const Media = Type.Union([
  Path,
  Type.Array(Path, { minItems: 1 }),
  /** A file each, by paths within it. */
  Type.Object(
    {
      each: Path,
      url: Type.Optional(Path),
      /** The file itself, in base64. */
      data: Type.Optional(Path),
      contentType: Type.Optional(Path),
      fileName: Type.Optional(Path),
    },
    Strict,
  ),
])

const Inbound = Type.Object(
  {
    /** Which events are texts; without it, those that come to `/inbound`. */
    when: Type.Optional(Condition),
    /** The gateway's id of the text; a list is what makes it one of a kind, together. */
    id: Type.Optional(Type.Union([Path, Type.Array(Path, { minItems: 1 })])),
    from: Field,
    /** Our number. */
    number: Field,
    /** All members of a group text, whoever they are. */
    others: Type.Optional(Type.Array(Path)),
    text: Type.Optional(Field),
    media: Type.Optional(Media),
    /** What the gateway takes the text for: `stop`, `start` or `help`. */
    keyword: Type.Optional(Field),
    /** The gateway answers such keywords itself; we then do not. */
    answersKeywords: Type.Optional(Type.Boolean()),
    /** Files at addresses that begin so are fetched with the gateway's `auth`. */
    mediaAuth: Type.Optional(Type.String({ pattern: '^https?://[^/]+/' })),
  },
  Strict,
)
export type GatewayInbound = Static<typeof Inbound>

const Receipts = Type.Object(
  {
    /** Which events are receipts; without it, those that come to `/status`. */
    when: Type.Optional(Condition),
    id: Field,
    /** Our number; needed only for texts of subaccounts. */
    number: Type.Optional(Field),
    /** Our reference, where the gateway repeats it: it tells that a text in doubt was taken. */
    reference: Type.Optional(Field),
    status: Field,
    /** The gateway's words; those that are not named are passed over. */
    statuses: Type.Record(Type.String(), Type.Enum(['sent', 'delivered', 'undelivered', 'failed'])),
    code: Type.Optional(Field),
  },
  Strict,
)
export type GatewayReceipts = Static<typeof Receipts>

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
    signature: Type.Optional(Signature),
    /** How requests of the gateway are read; by their content type unless said. */
    format: Type.Optional(Format),
    /** Where the event, or the list of events, is in the body; the whole body unless said. */
    events: Type.Optional(Path),
    inbound: Type.Optional(Inbound),
    receipts: Type.Optional(Receipts),
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
export type GatewayField = Static<typeof Field>
export type GatewayCondition = Static<typeof Condition>
export type GatewaySend = Static<typeof SendCall>
export type GatewayCheck = Static<typeof Check>
export type GatewayMedia = Static<typeof Media>

/** What templates name as `{secret.name}`; kept sealed. */
export const GatewaySecrets = Type.Object(
  {
    secrets: Type.Optional(Type.Record(Name, Type.String({ minLength: 1 }), Strict)),
  },
  { additionalProperties: false },
)
export type GatewaySecrets = Static<typeof GatewaySecrets>
