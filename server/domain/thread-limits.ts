/** How much fits into threads. Source: Twilio, Conversations limits. */

export const MAX_PARTICIPANTS = 1000
/** Of them, those who are reached by text: each costs a text a message. */
export const MAX_WIRE_PARTICIPANTS = 50
/** Phones stop showing larger groups as one. */
export const MAX_GROUP_MEMBERS = 10
/** Open threads that an identity takes part in. */
export const MAX_THREADS_OF_IDENTITY = 1000
/** What a message may hold that is said by a program; of one that a phone sent, 32 KB. */
export const MAX_BODY_CHARACTERS = 1600
/** Participants that a thread may be opened with in one request. */
export const MAX_FIRST_PARTICIPANTS = 10
