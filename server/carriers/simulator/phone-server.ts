/** A text as the server's phone log tells it. */
export interface PhoneRecord {
  direction: 'sent' | 'received'
  from: string
  to: string | string[]
  body: string
  mediaUrls: string[]
  at: string
}

export interface PhoneServer {
  /** Sends a text from the phone; throws with the server's message when it is refused. */
  send(text: { from: string; to: string; body: string; mediaUrls?: string[] }): Promise<void>
  /** All that a phone sent and received, oldest first. */
  recordsOf(phone: string): Promise<PhoneRecord[]>
  /** The account's numbers. */
  numbers(): Promise<string[]>
}

const REQUEST_TIMEOUT_MS = 10_000

/** The requests a phone in the terminal makes, with the account's own credentials. `server` is a base URL. */
export function openPhoneServer(options: { server: string; accountSid: string; authToken: string }): PhoneServer {
  const { server, accountSid, authToken } = options
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`

  async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(new URL(path, server), {
      headers: { authorization, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(messageOf(text) ?? `The server answered ${response.status}.`)
    return JSON.parse(text)
  }

  return {
    async send(text) {
      await ask('/simulator/messages', text)
    },
    recordsOf: async phone =>
      (await ask<{ records: PhoneRecord[] }>(`/simulator/phones/${encodeURIComponent(phone)}/messages`)).records,
    async numbers() {
      const path = `/2010-04-01/Accounts/${accountSid}/IncomingPhoneNumbers.json?PageSize=1000`
      const page = await ask<{ incoming_phone_numbers: { phone_number: string }[] }>(path)
      return page.incoming_phone_numbers.map(each => each.phone_number)
    },
  }
}

function messageOf(text: string): string | null {
  try {
    const { message } = JSON.parse(text)
    return typeof message === 'string' ? message : null
  } catch {
    return null
  }
}
