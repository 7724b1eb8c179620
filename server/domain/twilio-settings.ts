import Type, { type Static } from 'typebox'

const Milliseconds = Type.Integer({ minimum: 50, maximum: 86_400_000 })

/** How an account at Twilio, or at whatever speaks its API, is used; all but the first have a default. See docs/carriers.md. */
export const TwilioSettings = Type.Object(
  {
    accountSid: Type.String({ pattern: '^AC[0-9a-f]{32}$' }),
    /** Where the API is. */
    url: Type.Optional(Type.String({ pattern: '^https?://[^/@?#]+/?$' })),
    /** Requests are made with this API key; with the account's token when absent. */
    apiKeySid: Type.Optional(Type.String({ pattern: '^SK[0-9a-f]{32}$' })),
    /** The Messaging Service that texts are sent through, from our number all the same. */
    messagingServiceSid: Type.Optional(Type.String({ pattern: '^MG[0-9a-f]{32}$' })),
    /** Whether Twilio answers STOP, START and HELP itself; Heddle then does not. */
    answersOptOuts: Type.Optional(Type.Boolean()),
    /** Requests under way at a time, on each node. */
    requestsAtOnce: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    /** Machine time that a request may take. */
    answerWithinMs: Type.Optional(Milliseconds),
    /** Machine time between two readings of the account's list of messages. */
    reconcileEveryMs: Type.Optional(Milliseconds),
    /** World time that a text is unknown before its absence from that list proves that it was never taken. */
    resendAfterMs: Type.Optional(Milliseconds),
  },
  { additionalProperties: false },
)
export type TwilioSettings = Static<typeof TwilioSettings>

/** What opens the account; kept sealed. The token also signs what Twilio sends, so it is needed beside an API key. */
export const TwilioSecrets = Type.Object(
  { authToken: Type.String({ minLength: 1 }), apiKeySecret: Type.Optional(Type.String({ minLength: 1 })) },
  { additionalProperties: false },
)
export type TwilioSecrets = Static<typeof TwilioSecrets>
