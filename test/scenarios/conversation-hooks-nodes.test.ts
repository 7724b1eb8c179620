import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOf, refusalOf } from '../support/conversations-client.ts'
import { type HookApp, openHookApp } from '../support/hook-app.ts'
import { openTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'
const PHONE = '+15557770001'
const ASKED = { xTwilioWebhookEnabled: 'true' } as const

let database: TestDatabase
let app: HookApp
let nodes: TestHouse[] = []
let sid = ''

beforeAll(async () => {
  database = await openTestDatabase()
  const { user, host, port, database: name } = database.connection
  const url = `postgresql://${user}@/${name}?host=${encodeURIComponent(String(host))}&port=${port}`
  const open = () => openTestHouse(seedOf([{ number: NUMBER }]), { DATABASE_URL: url })
  nodes = [await open(), await open()]
  app = await openHookApp()
  const v1 = of(0)
  await v1.configuration.webhooks().update({ preWebhookUrl: app.url, filters: ['onMessageAdd'] })
  sid = (await v1.conversations.create({})).sid
  const binding = { 'messagingBinding.address': PHONE, 'messagingBinding.proxyAddress': NUMBER }
  await v1.conversations(sid).participants.create(binding)
})

afterAll(async () => {
  for (const node of nodes) await node.close()
  await app?.close()
  await database?.close()
})

function of(node: number) {
  const house = nodes[node]
  if (!house) throw new Error(`There is no node ${node}.`)
  return clientOf(house).conversations.v1
}

test('whichever node a program asks, it waits for the app, which one of them calls', async () => {
  app.answer(({ parameters }) => ({ body: JSON.stringify({ body: `${parameters.Body}!` }) }))
  for (const node of [0, 1, 0, 1]) {
    const message = await of(node)
      .conversations(sid)
      .messages.create({ ...ASKED, body: `by ${node}` })
    expect(message.body).toBe(`by ${node}!`)
  }
  app.answer(() => ({ status: 403 }))
  for (const node of [0, 1]) {
    const refused = await refusalOf(
      of(node)
        .conversations(sid)
        .messages.create({ ...ASKED, body: 'no' }),
    )
    expect(refused).toMatchObject({ status: 403, code: 50056 })
  }
  expect(app.told).toHaveLength(6)
})

test('whichever node a text reaches, it is held until the app has answered', async () => {
  app.told.length = 0
  app.answer(({ parameters }) => ({ body: JSON.stringify({ body: `${parameters.Body}!` }) }))
  for (const [at, node] of [0, 1, 0, 1].entries()) await nodes[node]?.text(PHONE, NUMBER, `text ${at}`)
  const said = async () => {
    const messages = await of(1).conversations(sid).messages.list()
    return messages.filter(each => each.author === PHONE).map(each => each.body)
  }
  await expect.poll(said).toEqual(['text 0!', 'text 1!', 'text 2!', 'text 3!'])
  expect(app.told.map(one => one.parameters.Body)).toEqual(['text 0', 'text 1', 'text 2', 'text 3'])
})
