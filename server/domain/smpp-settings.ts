import Type, { type Static } from 'typebox'

/** A type of number and numbering plan. Source: SMPP 3.4, 5.2.5 and 5.2.6. */
const Kind = Type.Object({
  ton: Type.Integer({ minimum: 0, maximum: 255 }),
  npi: Type.Integer({ minimum: 0, maximum: 255 }),
})

/** What the ids that an SMSC gives look like: two spellings of one id are told to be one. */
const IdForm = Type.Enum(['exact', 'text', 'decimal', 'hex'])

const Milliseconds = Type.Integer({ minimum: 50, maximum: 86_400_000 })

/** How an SMPP account is reached and spoken to; all but the first three have a default. See docs/carriers.md. */
export const SmppSettings = Type.Object(
  {
    url: Type.String({ pattern: '^(smpp|smpps|ssmpp)://[^/@?#]+/?$' }),
    systemId: Type.String({ minLength: 1 }),
    systemType: Type.Optional(Type.String()),
    bind: Type.Optional(Type.Enum(['transceiver', 'transmitter_receiver'])),
    /** Links of each role. */
    binds: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    /** Requests of ours without an answer, on each link. */
    window: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    maxPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    addressRange: Type.Optional(Type.String()),
    /** PEM: whom a TLS link trusts besides the machine's authorities. */
    ca: Type.Optional(Type.String()),
    enquireAfterMs: Type.Optional(Milliseconds),
    answerWithinMs: Type.Optional(Milliseconds),
    reconnectWithinMs: Type.Optional(Milliseconds),
    /** What data_coding 0 means there. */
    defaultAlphabet: Type.Optional(Type.Enum(['gsm7', 'latin1'])),
    /** The data_coding of each alphabet that we may send; gsm7 0, ucs2 8; latin1 only when told. */
    dataCoding: Type.Optional(
      Type.Object({
        gsm7: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
        latin1: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
        ucs2: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
      }),
    ),
    concatenation: Type.Optional(Type.Enum(['udh8', 'udh16', 'sar', 'payload'])),
    /** World time that the missing parts of a text from a phone are waited for. */
    partsWithinMs: Type.Optional(Milliseconds),
    submitIds: Type.Optional(IdForm),
    receiptIds: Type.Optional(IdForm),
    addresses: Type.Optional(
      Type.Object({
        phone: Type.Optional(Kind),
        shortCode: Type.Optional(Kind),
        alphanumeric: Type.Optional(Kind),
        destination: Type.Optional(Kind),
        /** Phone numbers are written with their plus sign. */
        keepsPlus: Type.Optional(Type.Boolean()),
        /** What goes before a national number that comes in, such as +44. */
        countryPrefix: Type.Optional(Type.String({ pattern: '^\\+[0-9]{1,4}$' })),
      }),
    ),
    /** The carrier's own codes, such as "0x0424" of an answer or "069" of a receipt, as codes of ours. */
    errors: Type.Optional(Type.Record(Type.String(), Type.Integer({ minimum: 10_000, maximum: 99_999 }))),
  },
  { additionalProperties: false },
)

export type SmppSettings = Static<typeof SmppSettings>
export type IdForm = Static<typeof IdForm>
export type AddressKindRule = Static<typeof Kind>

/** What opens the account; kept sealed. */
export const SmppSecrets = Type.Object({ password: Type.String() }, { additionalProperties: false })
export type SmppSecrets = Static<typeof SmppSecrets>
