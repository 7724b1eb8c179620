import twilio from 'twilio'
import { ACCOUNT_SID, AUTH_TOKEN, type TestHouse } from './test-house.ts'

/** The vendor's own client, pointed at the house. */
export function clientOf(
  house: Pick<TestHouse, 'url'>,
  credentials = { sid: ACCOUNT_SID, token: AUTH_TOKEN },
): twilio.Twilio {
  const client = twilio(credentials.sid, credentials.token)
  client.conversations.baseUrl = `${house.url}/conversations`
  client.api.baseUrl = house.url
  return client
}

/** What a refused request says: `[status, code]` and the words. */
export interface Refused {
  status: number
  code: number
  message: string
}

/** The error that the vendor's client throws for a request that must be refused. */
export async function refusalOf(request: Promise<unknown>): Promise<Refused> {
  try {
    await request
  } catch (error) {
    const { status, code, message } = error as Refused
    return { status, code, message }
  }
  throw new Error('The request was not refused.')
}
