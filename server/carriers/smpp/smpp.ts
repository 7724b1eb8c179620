import type { SmppSecrets, SmppSettings } from '../../domain/smpp-settings.ts'
import { Pace } from '../../kit/pace.ts'
import { within } from '../../kit/within.ts'
import type { Carrier, CarrierOptions } from '../carrier.ts'
import { openAddresses } from './addresses.ts'
import { openBinds } from './binds.ts'
import { Deliveries } from './deliveries.ts'
import { openInbound } from './inbound.ts'
import { openSendText } from './send-text.ts'
import { openSubmits } from './submits.ts'

export interface SmppOptions extends CarrierOptions {
  settings: SmppSettings
  secrets: SmppSecrets
}

/** How often what needs no hurry is done. */
const LOOK_EVERY_MS = 1000
/** For each text that a window holds one more is got ready, so that links need not wait for the database. */
const AHEAD = 2
/** How long a stop waits for texts that were begun, so that none is cut in half; the links wait a moment more. */
const SENT_WITHIN_MS = 2500
/** How long it waits for what came in, of which there may always be more, and then for what is kept of it. */
const HEARD_WITHIN_MS = 500
const DRAIN_LOOK_MS = 20
/** Ids of texts on their way whose number is remembered, for receipts that name it in another way. */
const MAX_REMEMBERED = 50_000

/** An SMPP 3.4 account at an operator or aggregator. Source: SMPP Protocol Specification v3.4. */
export function openSmpp(options: SmppOptions): Carrier {
  const { id, settings, secrets, doors, memory, clock, onError, onNotice } = options
  const nowMs = clock.machineMs
  const addresses = openAddresses(settings.addresses)
  /** The last word on each text that may come again, since they were kept: that it may, or that it surely won't. */
  let doubts = new Map<string, 'open' | 'settled'>()
  const deliveries = new Deliveries(options.ids().slice(0, 8), nowMs)
  const numbers = new Map<string, string>()
  const inbound = openInbound({
    settings,
    addresses,
    doors,
    memory,
    clock,
    deliveries,
    numberOf: messageId => numbers.get(messageId) ?? null,
    onError,
    onNotice,
  })
  const binds = openBinds({
    settings,
    password: secrets.password,
    nowMs,
    onDelivery: inbound.take,
    onRoom: () => submits.pump(),
    onChange: () => submits.pump(),
    onTrouble: onNotice,
    onDoubt(name) {
      deliveries.doubt(name)
      doubts.set(name, 'open')
    },
    onSure(name) {
      if (deliveries.settle(name)) doubts.set(name, 'settled')
    },
  })
  const pace = new Pace({ maxPerSecond: settings.maxPerSecond ?? null, nowMs })
  const submits = openSubmits({ binds, pace, errors: settings.errors, nowMs })
  const sendText = openSendText({
    settings,
    addresses,
    submits,
    mayPause: ms => nowMs() + ms < stopsAtMs,
    onTaken: rememberNumber,
  })
  let looker: NodeJS.Timeout | undefined
  let isUnsettled = false
  let isLooking = false
  let sending = 0
  /** When nothing is sent any more. */
  let stopsAtMs = Number.POSITIVE_INFINITY

  function rememberNumber(messageId: string, number: string): void {
    if (numbers.size >= MAX_REMEMBERED) numbers.delete(numbers.keys().next().value ?? '')
    numbers.set(messageId, number)
  }

  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      await settle()
      await inbound.look()
    } catch (error) {
      onError(error)
    } finally {
      isLooking = false
    }
  }

  /** Keeps what a crash would make us forget: which texts may come again. */
  async function settle(): Promise<void> {
    const world = clock.world()
    const inDoubt = binds.bound.map(link => link.inDoubtSinceMs).filter(ms => ms !== null)
    const agoMs = inDoubt.length > 0 ? nowMs() - Math.min(...inDoubt) : 0
    const taken = doubts
    doubts = new Map()
    const namesOf = (word: string) => [...taken.keys()].filter(name => taken.get(name) === word)
    const [doubted, trusted] = [namesOf('open'), namesOf('settled')]
    if (inbound.hasHeard()) isUnsettled = true
    try {
      if (doubted.length > 0) await memory.doubt(doubted, world)
      if (trusted.length > 0) await memory.trust(trusted)
      if (isUnsettled) await memory.settle(new Date(world.getTime() - agoMs))
      isUnsettled = inDoubt.length > 0
    } catch (error) {
      doubts = new Map([...taken, ...doubts])
      throw error
    }
  }

  /** Resolves when nothing is under way, or has been for too long. */
  async function drained(): Promise<void> {
    const startedMs = nowMs()
    const waitsFor = (count: number, ms: number) => count > 0 && nowMs() < startedMs + ms
    while (waitsFor(sending, SENT_WITHIN_MS) || waitsFor(inbound.open, HEARD_WITHIN_MS)) {
      await new Promise(resolve => setTimeout(resolve, DRAIN_LOOK_MS))
    }
  }

  return {
    id,
    batchesAtOnce: Number.POSITIVE_INFINITY,
    mayHold: () => AHEAD * binds.room,
    health: () => ({
      isBound: binds.bound.length > 0,
      links: { bound: binds.bound.length, wanted: binds.wanted },
      lastError: binds.lastError,
      perSecond: pace.perSecond,
    }),
    async send(texts) {
      sending += texts.length
      try {
        return await Promise.all(texts.map(sendText))
      } finally {
        sending -= texts.length
      }
    },
    async start() {
      await inbound.start()
      binds.start()
      looker = setInterval(look, LOOK_EVERY_MS)
    },
    async stop() {
      clearInterval(looker)
      stopsAtMs = nowMs() + SENT_WITHIN_MS
      submits.stop()
      await drained()
      inbound.stop()
      await binds.stop()
      await within(HEARD_WITHIN_MS, settle()).catch(onError)
    },
  }
}
