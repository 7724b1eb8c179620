import { Counter, collectDefaultMetrics, Gauge, Histogram, register as processRegister, Registry } from 'prom-client'
import type { Deed } from '../core/core.ts'
import { isSameSecret } from '../kit/same-secret.ts'
import type { Backlog } from '../store/read/backlog.ts'
import type { CarrierReport } from './heddle/carrier-routes.ts'
import type { App } from './server.ts'

export interface MetricsSources {
  /** What who asks has to show as a bearer; null: nothing. */
  token: string | null
  isReady(): Promise<boolean>
  /** Asked only while the house is ready. */
  backlog(): Promise<Backlog>
  carriers(): Promise<Pick<CarrierReport, 'id' | 'name' | 'links'>[]>
  /** World time. */
  now(): Date
}

export interface Metrics {
  /** Counts a deed. */
  heed(deed: Deed): void
  /** Serves `GET /metrics`, in Prometheus' text form, and counts what is asked of the server from here on. */
  serve(server: App, sources: MetricsSources): void
}

/** From a page out of memory to the longest that an app may take. */
const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30]

/** What the operator's Prometheus reads of this node. No number and no text is in it. */
export function openMetrics(): Metrics {
  const register = new Registry()
  const registers = [register]
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, buckets: SECONDS, registers })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })

  const acts = histogram('heddle_act_seconds', 'Transactions that changed an account, by outcome', ['outcome'])
  const queued = counter('heddle_queued_total', 'Texts and calls that acts queued', ['what'])
  const handed = counter('heddle_texts_handed_total', 'Texts that carriers were handed, by what they said', [
    'carrier',
    'outcome',
  ])
  const answers = histogram('heddle_carrier_seconds', 'How long carriers took to answer a batch', ['carrier'])
  const calls = histogram('heddle_call_seconds', 'Calls to apps, by kind and outcome', ['kind', 'outcome'])
  const requests = histogram('heddle_request_seconds', 'Requests that were answered', ['method', 'route', 'status'])

  function heed(deed: Deed): void {
    const { kind, outcome } = deed
    const seconds = deed.ms / 1000
    if (kind === 'act') {
      acts.observe({ outcome }, seconds)
      for (const what of ['texts', 'calls'] as const) queued.inc({ what }, Number(deed[what] ?? 0))
    } else if (kind === 'delivery') {
      const carrier = String(deed.carrier)
      answers.observe({ carrier }, seconds)
      for (const said of ['taken', 'refused', 'retry', 'unknown']) {
        handed.inc({ carrier, outcome: said }, Number(deed[said] ?? 0))
      }
    } else {
      calls.observe({ kind: String(deed.about), outcome }, seconds)
    }
  }

  /** Kept, since finding it by its labels would cost every request. */
  const known = new Map<string, Histogram.Internal<string>>()
  function requestsOf(method: string, route: string, status: number): Histogram.Internal<string> {
    const key = `${method} ${status} ${route}`
    const kept = known.get(key) ?? requests.labels({ method, route, status })
    known.set(key, kept)
    return kept
  }

  function serve(server: App, sources: MetricsSources): void {
    server.addHook('onResponse', ({ method, routeOptions }, reply, done) => {
      requestsOf(method, routeOptions.url ?? 'none', reply.statusCode).observe(reply.elapsedTime / 1000)
      done()
    })
    server.get('/metrics', async (request, reply) => {
      if (sources.token && !isSameSecret(request.headers.authorization ?? '', `Bearer ${sources.token}`)) {
        return reply
          .code(401)
          .send({ code: 'unauthorized', message: 'HEDDLE_METRICS_TOKEN is asked for, as a bearer.' })
      }
      const asked = await readGauges(sources)
      const whole = Registry.merge([register, asked, processMetrics()])
      return reply.type(whole.contentType).send(await whole.metrics())
    })
  }

  return { heed, serve }
}

/** What is read when it is asked for. */
async function readGauges({ isReady, backlog, carriers, now }: MetricsSources): Promise<Registry> {
  const register = new Registry()
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name, help, labelNames, registers: [register] })

  const isUp = await isReady()
  gauge('heddle_ready', 'Whether the house serves: as /healthz').set(isUp ? 1 : 0)
  if (!isUp) return register
  const [{ texts, calls, lateSince }, bound] = await Promise.all([backlog(), carriers()])
  const waiting = gauge('heddle_waiting', 'Texts and calls that wait, of all nodes; no more than 100000 are counted', [
    'what',
  ])
  waiting.set({ what: 'texts' }, texts)
  waiting.set({ what: 'calls' }, calls)
  const lateMs = lateSince ? now().getTime() - lateSince.getTime() : 0
  gauge('heddle_late_seconds', 'How long the work waits that has been due for longest').set(lateMs / 1000)
  const links = gauge('heddle_carrier_links', 'Links to carriers, as they are and as they should be', [
    'carrier',
    'name',
    'which',
  ])
  for (const { id, name, links: of } of bound) {
    links.set({ carrier: id, name, which: 'bound' }, of.bound)
    links.set({ carrier: id, name, which: 'wanted' }, of.wanted)
  }
  return register
}

let isCollecting = false

/** Of the process: memory, processor time, the event loop, garbage. Watched from when it is first asked for. */
function processMetrics(): Registry {
  if (!isCollecting) collectDefaultMetrics()
  isCollecting = true
  return processRegister
}
