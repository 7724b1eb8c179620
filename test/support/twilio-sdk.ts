import twilio6 from 'twilio'
import twilio4 from 'twilio-4'
import twilio5 from 'twilio-5'
import { ACCOUNT_SID, AUTH_TOKEN, type TestHouse } from './test-house.ts'

/** The releases of the official SDK that a program may bring. All are typed as the newest: what they share is tested. */
export const SDKS = [
  ['twilio 6', twilio6],
  ['twilio 5', twilio5 as unknown as typeof twilio6],
  ['twilio 4', twilio4 as unknown as typeof twilio6],
] as const

export type TwilioClient = ReturnType<typeof twilio6>

/** An unmodified SDK client of the house: only its base URLs are set. */
export function clientOf(
  sdk: typeof twilio6,
  { url }: Pick<TestHouse, 'url'>,
  [user, password, options = {}]: [
    string,
    string,
    { accountSid?: string; autoRetry?: boolean; maxRetries?: number }?,
  ] = [ACCOUNT_SID, AUTH_TOKEN],
): TwilioClient {
  const client = sdk(user, password, options)
  client.api.baseUrl = url
  client.conversations.baseUrl = `${url}/conversations`
  client.messaging.baseUrl = `${url}/messaging`
  client.proxy.baseUrl = `${url}/proxy`
  return client
}
