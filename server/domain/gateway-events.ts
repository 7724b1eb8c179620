import Type, { type Static } from 'typebox'
import { Condition, Field, Path, Strict } from './gateway-values.ts'

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

/** Which events are texts from phones, and what they say. */
export const GatewayInbound = Type.Object(
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
export type GatewayInbound = Static<typeof GatewayInbound>

/** Which events are receipts, and what they say. */
export const GatewayReceipts = Type.Object(
  {
    /** Which events are receipts; without it, those that come to `/status`. */
    when: Type.Optional(Condition),
    id: Field,
    /** Our number; needed only for texts of subaccounts. */
    number: Type.Optional(Field),
    /** Whose phone it is about: of a group text, unless named, all. */
    person: Type.Optional(Field),
    /** Our reference, where the gateway repeats it: it tells that a text in doubt was taken. */
    reference: Type.Optional(Field),
    status: Field,
    /** The gateway's words; those that are not named are passed over. */
    statuses: Type.Record(Type.String(), Type.Enum(['sent', 'delivered', 'undelivered', 'failed'])),
    code: Type.Optional(Field),
  },
  Strict,
)
export type GatewayReceipts = Static<typeof GatewayReceipts>
export type GatewayMedia = Static<typeof Media>
