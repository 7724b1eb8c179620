import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openThreadDoors } from '../../server/core/threads/thread-doors.ts'
import { BY_PROGRAM } from '../../server/core/threads/thread-events.ts'
import { uuidOfSid } from '../../server/domain/ids.ts'
import { clientOf } from '../support/conversations-client.ts'
import { ACCOUNT_SID, openTestHouse, seedOf, type TestHouse } from '../support/test-house.ts'

const NUMBER = '+15550001000'

describe('timers of a conversation', () => {
  let house: TestHouse
  let client: ReturnType<typeof clientOf>

  beforeAll(async () => {
    house = await openTestHouse(seedOf([{ number: NUMBER }]))
    client = clientOf(house)
  })
  afterAll(() => house.close())

  const conversations = () => client.conversations.v1.conversations
  const stateOf = async (sid: string) => (await conversations()(sid).fetch()).state

  test('both run from the same base: a minute to inactive and ten to closed', async () => {
    const { sid, timers, dateCreated } = await conversations().create({
      'timers.inactive': 'PT1M',
      'timers.closed': 'PT10M',
    })
    expect(Date.parse(timers.date_inactive) - dateCreated.getTime()).toBe(60_000)
    expect(Date.parse(timers.date_closed) - dateCreated.getTime()).toBe(600_000)
    await house.advance('PT59S')
    expect(await stateOf(sid)).toBe('active')
    await house.advance('PT1S')
    expect(await stateOf(sid)).toBe('inactive')
    await house.advance('PT9M')
    expect(await stateOf(sid)).toBe('closed')
  })

  test('a message of any origin starts them anew and wakes an inactive conversation', async () => {
    const { sid } = await conversations().create({ 'timers.inactive': 'PT1M', 'timers.closed': 'PT10M' })
    await conversations()(sid).participants.create({
      'messagingBinding.address': '+15557770001',
      'messagingBinding.proxyAddress': NUMBER,
    })
    await house.advance('PT5M')
    expect(await stateOf(sid)).toBe('inactive')
    await house.text('+15557770001', NUMBER, 'are you there?')
    expect(await stateOf(sid)).toBe('active')
    await house.advance('PT9M')
    expect(await stateOf(sid)).toBe('inactive')
    await conversations()(sid).messages.create({ body: 'yes' })
    const { timers, state } = await conversations()(sid).fetch()
    expect(state).toBe('active')
    expect(Date.parse(timers.date_closed) - Date.parse(timers.date_inactive)).toBe(540_000)
    await house.advance('PT10M')
    expect(await stateOf(sid)).toBe('closed')
  })

  test('a conversation with only a closing timer stays active until it closes, and frees its pair', async () => {
    const { sid } = await conversations().create({ 'timers.closed': 'PT10M' })
    const pair = { 'messagingBinding.address': '+15557770002', 'messagingBinding.proxyAddress': NUMBER }
    await conversations()(sid).participants.create(pair)
    await house.advance('PT9M')
    expect(await stateOf(sid)).toBe('active')
    await house.advance('PT1M')
    expect(await stateOf(sid)).toBe('closed')
    const next = await conversations().create({})
    await conversations()(next.sid).participants.create(pair)
  })

  test('are taken away by an empty or zero duration, and started anew by an update', async () => {
    const { sid } = await conversations().create({ 'timers.inactive': 'PT1M', 'timers.closed': 'PT10M' })
    await house.advance('PT30S')
    const updated = await conversations()(sid).update({ 'timers.inactive': '', 'timers.closed': 'PT20M' })
    expect(updated.timers).toEqual({ date_closed: expect.any(String) })
    await house.advance('PT19M')
    expect(await stateOf(sid)).toBe('active')
    expect((await conversations()(sid).update({ 'timers.closed': 'PT0S' })).timers).toEqual({})
    await house.advance('P1D')
    expect(await stateOf(sid)).toBe('active')
  })

  test('names and participants do not start them anew', async () => {
    const { sid, timers } = await conversations().create({ 'timers.closed': 'PT10M' })
    await house.advance('PT5M')
    await conversations()(sid).update({ friendlyName: 'later' })
    await conversations()(sid).participants.create({ identity: 'ann' })
    expect((await conversations()(sid).fetch()).timers).toEqual(timers)
  })

  test('new conversations get those of the account unless they say otherwise', async () => {
    await client.conversations.v1.configuration().update({ defaultInactiveTimer: 'PT5M', defaultClosedTimer: 'PT15M' })
    const usual = await conversations().create({})
    expect(Object.keys(usual.timers)).toEqual(['date_inactive', 'date_closed'])
    const own = await conversations().create({ 'timers.inactive': '', 'timers.closed': 'PT1H' })
    expect(Object.keys(own.timers)).toEqual(['date_closed'])
    await client.conversations.v1.configuration().update({ defaultInactiveTimer: '', defaultClosedTimer: '' })
    expect((await conversations().create({})).timers).toEqual({})
  })

  test('a state may be set both ways, and closing is for good', async () => {
    const { sid } = await conversations().create({ state: 'inactive' })
    expect((await conversations()(sid).update({ state: 'active' })).state).toBe('active')
    expect((await conversations()(sid).update({ state: 'inactive' })).state).toBe('inactive')
    expect((await conversations()(sid).update({ state: 'closed' })).state).toBe('closed')
  })

  test('run on through a restart', async () => {
    const { sid } = await conversations().create({ 'timers.inactive': 'PT1M', 'timers.closed': 'PT10M' })
    await house.restart()
    client = clientOf(house)
    await house.advance('PT1M')
    expect(await stateOf(sid)).toBe('inactive')
    await house.restart()
    client = clientOf(house)
    await house.advance('PT9M')
    expect(await stateOf(sid)).toBe('closed')
  })

  test('ten thousand that are due at once have all fired when the clock has moved', async () => {
    const doors = openThreadDoors(house.house.core)
    const serviceId = uuidOfSid('AC', ACCOUNT_SID) ?? ''
    const thread = { serviceId, closesAfterMs: 600_000, friendlyName: 'due' }
    const opening = { thread, participants: [], cause: BY_PROGRAM }
    await Promise.all(Array.from({ length: 10_000 }, () => doors.open(serviceId, opening)))
    await house.advance('PT10M')
    const open = await conversations().list({ state: 'active' })
    expect(open.filter(({ friendlyName }) => friendlyName === 'due')).toEqual([])
    const closed = await conversations().list({ state: 'closed', pageSize: 100, limit: 10_100 })
    expect(closed.filter(({ friendlyName }) => friendlyName === 'due')).toHaveLength(10_000)
  }, 120_000)
})
