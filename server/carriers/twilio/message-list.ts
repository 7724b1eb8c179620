import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { ApiTrouble, type TwilioApi } from './api.ts'
import { troubleOf } from './errors.ts'

/** A message as the account's list has it; what we do not read is left out. Source: Twilio, "Messages resource". */
const ListedMessage = Type.Object({
  sid: Type.String(),
  direction: Type.String(),
  status: Type.String(),
  from: Type.Union([Type.String(), Type.Null()]),
  to: Type.Union([Type.String(), Type.Null()]),
  body: Type.Union([Type.String(), Type.Null()]),
  num_media: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  error_code: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  date_sent: Type.Union([Type.String(), Type.Null()]),
  date_created: Type.String(),
})
export type ListedMessage = Static<typeof ListedMessage>

const Page = Type.Object({
  messages: Type.Array(ListedMessage),
  next_page_uri: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})

const PAGE_SIZE = 500

/** Pages of the account's messages, newest first. `filter`: To, From, DateSent>. Throws when the API does not answer. */
export async function* listMessages(
  api: TwilioApi,
  filter: Record<string, string>,
): AsyncGenerator<ListedMessage[], void, undefined> {
  const query = new URLSearchParams({ ...filter, PageSize: String(PAGE_SIZE) })
  let next: string | null = `${api.accountPath}/Messages.json?${query}`
  while (next) {
    const page: Static<typeof Page> = await getPage(api, next)
    yield page.messages
    next = page.next_page_uri || null
  }
}

async function getPage(api: TwilioApi, path: string): Promise<Static<typeof Page>> {
  const answer = await api.get(path)
  if (answer.kind === 'failure') throw new ApiTrouble(`The list of messages could not be read: ${answer.message}.`)
  if (answer.status !== 200)
    throw new ApiTrouble(`The list of messages could not be read: ${troubleOf(answer).message}`)
  if (!Value.Check(Page, answer.body)) throw new ApiTrouble('The list of messages is not one.')
  return answer.body
}

/** When a message was sent or came in, as far as it was. */
export function dateOf(message: ListedMessage): Date {
  return new Date(message.date_sent ?? message.date_created)
}
