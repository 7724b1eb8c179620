import { expect, test } from 'vitest'
import type { InboxNews, TextNews } from '../../domain/inbox-news.ts'
import type { EventFilter, Subscription, Topic } from '../../domain/subscription.ts'
import { type Happened, type Notice, noticesFor } from './notices.ts'

const NOW = new Date('2026-01-05T10:00:00Z')
const BASE = '/restapi/v1.0/account/400001'

test.each<[string, Topic[]]>([
  ['news of one version', ['threads', 'entries']],
  ['texts one by one', ['instant_texts', 'entries']],
  ['texts counted', ['texts', 'entries']],
  ['all there is', ['threads', 'entries', 'texts', 'instant_texts', 'grants']],
])('who reads no further than any one of a series is told the rest again: %s', (_, topics) => {
  const happened = { ...HAPPENED, through: 30 }
  const whole = tell(topics, happened, 10)
  expect(whole.length).toBeGreaterThan(1)
  expect(whole.at(-1)?.version).toBe(30)
  for (const [at, { version }] of whole.entries()) {
    expect(version).toBeGreaterThanOrEqual(whole[at - 1]?.version ?? 10)
    const again = new Set(tell(topics, happened, version).flatMap(contents))
    const unread = whole.slice(at + 1).flatMap(contents)
    const read = new Set(whole.slice(0, at + 1).flatMap(contents))
    expect(unread.filter(content => !again.has(content) && !read.has(content))).toEqual([])
  }
})

function tell(topics: Topic[], happened: Happened, after: number): Notice[] {
  const subscription = { ...SUBSCRIPTION, filters: topics.map(filterOf) }
  return noticesFor(subscription, happened, { after, now: NOW, origin: 'https://heddle.example' })
}

/** What a notice says, one by one: of a message store it counts several texts. */
function contents({ envelope }: Notice): string[] {
  const ids: string[] | undefined = Reflect.get(Object(envelope.body), 'changes')?.[0].newMessageIds
  return ids?.map(id => `${envelope.event} ${id}`) ?? [`${envelope.event} ${JSON.stringify(envelope.body)}`]
}

function filterOf(topic: Topic): EventFilter {
  return {
    topic,
    text: `${BASE}/${topic}`,
    direction: null,
    thresholdSeconds: null,
    intervalSeconds: null,
    lacks: null,
  }
}

function news(topic: InboxNews['topic'], version: number): InboxNews {
  return { topic, queueId: 'queue', userId: null, at: new Date(NOW.getTime() + version), version }
}

function text(version: number): TextNews {
  return {
    messageId: `message ${version}`,
    isNew: true,
    isDeleted: false,
    isInbound: true,
    born: version,
    queueId: 'queue',
    queueName: 'Queue',
    person: '+15557770001',
    number: '+15550002000',
    body: 'Hello',
    files: [],
    conversationId: 1,
    createdAt: NOW,
    updatedAt: NOW,
    version,
  }
}

const HAPPENED: Happened = {
  news: [news('threads', 12), news('entries', 12), news('threads', 20), news('entries', 20), news('entries', 30)],
  texts: [text(12), text(19), text(20), text(30)],
  grants: [
    { userId: 'ann', version: 15 },
    { userId: 'ann', version: 30 },
  ],
  handlers: new Map([['queue', new Set(['ann'])]]),
  through: 30,
}

const SUBSCRIPTION: Subscription = {
  id: 'subscription',
  userId: 'ann',
  clientId: 'app',
  transport: 'websocket',
  filters: [],
  extensionId: 101,
  address: null,
  status: 'active',
  failures: 0,
  blacklistedAt: null,
  blacklistReason: null,
  sessionId: null,
  connectionId: null,
  aliveUntil: null,
  createdAt: NOW,
  updatedAt: NOW,
  expiresAt: NOW,
  timerAt: null,
  deletedAt: null,
  version: 1,
  born: 1,
}
