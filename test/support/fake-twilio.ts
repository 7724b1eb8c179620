import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js'
import { listen } from './loopback.ts'

export const TWILIO_SID = 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'
export const TWILIO_TOKEN = 'ffffffffffffffffffffffffffffffff'

export interface FakeMessage {
  sid: string
  direction: 'inbound' | 'outbound-api'
  status: string
  from: string
  to: string
  body: string
  mediaUrls: string[]
  error_code: number | null
  at: Date
}

/** What becomes of a request to send: an answer of its own, no answer with the text taken or not, or (null) the usual. */
export type Whim =
  | { status: number; body?: object | string; headers?: Record<string, string> }
  | 'silence'
  | 'silence_after_taking'
  | null

/** A Twilio account on loopback as far as texts go: it signs what it sends as the official SDK says. */
export async function openFakeTwilio() {
  const messages: FakeMessage[] = []
  const requests: { method: string; path: string; form: URLSearchParams; authorization: string }[] = []
  const callbacks: Promise<unknown>[] = []
  const silent = new Set<ServerResponse>()
  const server = createServer((request, response) => void answer(request, response))
  const fake = {
    url: '',
    messages,
    requests,
    /** Whether receipts are told. */
    tellsReceipts: true,
    isAway: false,
    onSend: (_form: URLSearchParams): Whim => null,
    /** Waits until all callbacks so far were answered. */
    told: () => Promise.all(callbacks),

    /** A signed request to us; the status of the answer. */
    async call(url: string, form: Record<string, string>, token = TWILIO_TOKEN, signedUrl = url) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'x-twilio-signature': getExpectedTwilioSignature(token, signedUrl, form) },
        body: new URLSearchParams(form),
      })
      return { status: response.status, body: await response.text() }
    },

    /** A phone sends a text, which the account's list then has. */
    comes(message: Pick<FakeMessage, 'from' | 'to' | 'body'> & Partial<FakeMessage>): FakeMessage {
      return add({ direction: 'inbound', status: 'received', ...message })
    },

    /** The webhook of a text that came. */
    formOf: (message: FakeMessage): Record<string, string> => ({
      MessageSid: message.sid,
      SmsSid: message.sid,
      AccountSid: TWILIO_SID,
      From: message.from,
      To: message.to,
      Body: message.body,
      NumMedia: String(message.mediaUrls.length),
      ...Object.fromEntries(message.mediaUrls.map((url, at) => [`MediaUrl${at}`, url])),
    }),

    /** A message that some other program of the account sent. */
    add,

    async close() {
      for (const response of silent) response.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  fake.url = `http://127.0.0.1:${await listen(server)}`
  return fake

  function add(message: Omit<Partial<FakeMessage>, 'sid'>): FakeMessage {
    const sid = `SM${String(messages.length + 1).padStart(32, '0')}`
    const blank = { direction: 'outbound-api', status: 'queued', mediaUrls: [], error_code: null } as const
    const added = {
      from: '',
      to: '',
      body: '',
      at: new Date(),
      ...blank,
      ...message,
      sid,
      mediaUrls: message.mediaUrls ?? [],
    }
    messages.push(added)
    return added
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', fake.url)
    const form = new URLSearchParams(await readText(request))
    const { method = '', headers } = request
    requests.push({ method, path: request.url ?? '', form, authorization: headers.authorization ?? '' })
    if (fake.isAway) {
      request.socket.resetAndDestroy()
      return
    }
    const folder = `/2010-04-01/Accounts/${TWILIO_SID}`
    const good = `Basic ${Buffer.from(`${TWILIO_SID}:${TWILIO_TOKEN}`).toString('base64')}`
    if (url.pathname.startsWith('/file')) return send(response, 200, 'the bytes', { 'content-type': 'image/png' })
    if (headers.authorization !== good)
      return send(response, 401, { code: 20003, message: 'Authenticate', status: 401 })
    if (url.pathname === `${folder}.json`) return send(response, 200, { friendly_name: 'Fake', status: 'active' })
    const [, ofMessage, file] = /Messages\/(SM\d+)\/Media(\/ME\d+|\.json)$/.exec(url.pathname) ?? []
    const files = messages.find(message => message.sid === ofMessage)?.mediaUrls ?? []
    if (file === '.json') return send(response, 200, { media_list: files.map(spellFile) })
    if (file) return send(response, 200, `bytes of ${file}`, { 'content-type': 'image/png' })
    if (url.pathname === `${folder}/Messages.json`) {
      return method === 'POST' ? take(form, response) : send(response, 200, list(url.searchParams))
    }
    return send(response, 404, { code: 20404, message: `${url.pathname} was not found`, status: 404 })
  }

  function take(form: URLSearchParams, response: ServerResponse): void {
    const whim = fake.onSend(form)
    if (whim === 'silence') {
      silent.add(response)
      return
    }
    if (whim !== null && whim !== 'silence_after_taking') {
      send(response, whim.status, whim.body ?? {}, whim.headers)
      return
    }
    const message = add({
      from: form.get('From') ?? '',
      to: form.get('To') ?? '',
      body: form.get('Body') ?? '',
      mediaUrls: form.getAll('MediaUrl'),
    })
    if (whim === 'silence_after_taking') silent.add(response)
    else send(response, 201, { sid: message.sid, status: 'queued' })
    const callback = form.get('StatusCallback')
    if (callback) callbacks.push(deliver(message, callback))
  }

  async function deliver(message: FakeMessage, callback: string): Promise<void> {
    for (const status of ['sent', 'delivered']) {
      message.status = status
      if (!fake.tellsReceipts) continue
      const { sid, to, from } = message
      await fake.call(callback, { MessageSid: sid, MessageStatus: status, To: to, From: from }).catch(() => {})
    }
  }

  /** Newest first, as the vendor does. */
  function list(query: URLSearchParams) {
    const since = Date.parse(query.get('DateSent>') ?? '') || 0
    const found = messages.filter(
      message =>
        (!query.has('From') || message.from === query.get('From')) &&
        (!query.has('To') || message.to === query.get('To')) &&
        message.at.getTime() >= since,
    )
    const size = Math.min(Number(query.get('PageSize')), 3)
    const page = Number(query.get('Page') ?? 0)
    const shown = found.reverse().slice(page * size, (page + 1) * size)
    const next = new URLSearchParams({ ...Object.fromEntries(query), Page: String(page + 1) })
    return {
      messages: shown.map(({ mediaUrls, at, ...message }) => ({
        ...message,
        num_media: String(mediaUrls.length),
        date_sent: at.toUTCString(),
        date_created: at.toUTCString(),
      })),
      next_page_uri:
        found.length > (page + 1) * size ? `/2010-04-01/Accounts/${TWILIO_SID}/Messages.json?${next}` : null,
    }
  }
}

function spellFile(_url: string, at: number) {
  return { sid: `ME${at}`, content_type: 'image/png' }
}

function send(response: ServerResponse, status: number, body: object | string, headers: object = {}): void {
  const isText = typeof body === 'string'
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers })
  response.end(isText ? body : JSON.stringify(body))
}
