import type { HttpClient } from '../kit/http-client.ts'
import { loadJar, saveJar } from './cookie-jar.ts'
import { documentToken } from './document-token.ts'
import { type DocumentRequest, type Fetched, fetchDocument } from './fetch-document.ts'
import type { Hop } from './hop.ts'
import { briefly, type Problem } from './problem.ts'
import type { Course } from './request-hop.ts'
import { type Instruction, readAnswer } from './twiml.ts'
import type { Method, TwimlMessage } from './twiml-verbs.ts'

export type { Hop } from './hop.ts'

export interface CallRequest {
  url: string
  method: Method
  fallbackUrl: string | null
  fallbackMethod: Method
  parameters: [name: string, value: string][]
  /** Signs the requests. */
  authToken: string
  /** A UUID that stays the same when the call is made again. Documents after the first have tokens made from it. */
  idempotencyToken: string
  /** The session's jar as `CallResult.cookies` last told it. */
  cookies: unknown
  /** World time at which the text arrived: cookies are judged by it. */
  now: Date
  /** How far world time is ahead of the machine's, by which apps tell time. */
  worldAheadMs: number
  allowPrivate: boolean
  /** `nothing` for status callbacks: no cookies, no fallback, and whatever the app answers is not acted on. */
  expects: 'twiml' | 'nothing'
  /** Makes the SID of a reply. */
  newSmsSid: (hasMedia: boolean) => string
}

export interface Reply {
  sid: string
  /** Null: whoever wrote to us. */
  to: string | null
  /** Null: the number that was written to. */
  from: string | null
  body: string
  /** Absolute URLs. */
  media: string[]
  statusCallback: string | null
}

export interface CallResult {
  hops: Hop[]
  replies: Reply[]
  /** The jar after the call as a plain JSON value; null when empty. */
  cookies: unknown
  cookiesChanged: boolean
  /** What the call failed of at last; null when it, or its fallback, went well. Replies made before stand. */
  errorCode: number | null
  errorMessage: string | null
  /** What was wrong without ending the call, in order; the first URL's failure too when there was a fallback. */
  warnings: Problem[]
}

/** More for one inbound text are an error. Source: Twilio, error 14106. */
const MAX_DOCUMENTS = 50
/** What is wrong with fifty documents may fill books. */
const MAX_WARNINGS = 100
/** Each document has 15 s; a chain of slow ones ends here, so that texts of the pair do not wait for ever. */
const MAX_CALL_MS = 60_000

/**
 * Makes one call to a customer's app: its URL, the documents it leads to, and the fallback when something fails. Takes
 * a minute at most. Rejects for nothing that a remote server does. `clockMs` is machine time.
 * Source: Twilio, Webhooks and TwiML for Programmable Messaging.
 */
export async function makeCall(client: HttpClient, request: CallRequest, clockMs: () => number): Promise<CallResult> {
  const startedAtMs = clockMs()
  const jarBefore = request.expects === 'twiml' ? loadJar(request.cookies) : null
  const course: Course = {
    client,
    authToken: request.authToken,
    allowPrivate: request.allowPrivate,
    jarTime: { now: request.now, aheadMs: request.worldAheadMs },
    clockMs,
    startedAtMs,
    endsAtMs: startedAtMs + MAX_CALL_MS,
    jar: jarBefore,
    hops: [],
  }
  const progress: Progress = { request, course, documents: 0, replies: [], warnings: [] }
  const problem = request.expects === 'twiml' ? await runDocuments(progress) : await notify(progress)
  return {
    hops: course.hops,
    replies: progress.replies,
    cookies: course.jar ? saveJar(course.jar) : request.cookies,
    cookiesChanged: course.jar !== jarBefore,
    errorCode: problem?.code ?? null,
    errorMessage: problem && briefly(problem).message,
    warnings: progress.warnings.slice(0, MAX_WARNINGS).map(briefly),
  }
}

interface Progress {
  readonly request: CallRequest
  readonly course: Course
  documents: number
  readonly replies: Reply[]
  readonly warnings: Problem[]
}

/** What to fetch next; its token is made when it is fetched. */
type Step = Omit<DocumentRequest, 'idempotencyToken'>

type Outcome = { next: Step | null } | { problem: Problem }

async function runDocuments(progress: Progress): Promise<Problem | null> {
  const { request, warnings } = progress
  let step: Step | null = { url: request.url, method: request.method, parameters: request.parameters }
  let fallbackUrl = request.fallbackUrl
  while (step) {
    if (progress.documents === MAX_DOCUMENTS) {
      return { code: 14106, message: `The text led to more than ${MAX_DOCUMENTS} documents` }
    }
    const outcome: Outcome = await runDocument(progress, step)
    if ('next' in outcome) step = outcome.next
    else {
      markLastHop(progress, outcome.problem)
      if (fallbackUrl === null) return outcome.problem
      warnings.push(outcome.problem)
      step = fallbackStep(request, fallbackUrl, { failedUrl: step.url, problem: outcome.problem })
      fallbackUrl = null
    }
  }
  return null
}

/** Fetches a document and acts on it; tells what to go on with. */
async function runDocument(progress: Progress, step: Step): Promise<Outcome> {
  const fetched = await fetchNext(progress, step)
  if (fetched.kind === 'failed') return { problem: fetched.problem }
  const answer = readAnswer(fetched)
  if (answer.kind === 'unusable') return { problem: answer.problem }
  progress.warnings.push(...answer.warnings)
  return act(progress, answer.instructions)
}

function act(progress: Progress, instructions: Instruction[]): Outcome {
  for (const instruction of instructions) {
    if (instruction.verb === 'redirect') {
      const { url, method, problem } = instruction
      return problem ? { problem } : { next: { url, method, parameters: progress.request.parameters } }
    }
    const next = reply(progress, instruction)
    // What stands after a message with an action is not reached.
    if (next) return { next }
  }
  return { next: null }
}

/**
 * Queues the reply and tells its action's request, if one is due. Twilio is inconsistent about `action` and `statusCallback`
 * and tells apps to set both alike; then the URL gets status updates only.
 */
function reply({ request, replies, warnings }: Progress, message: TwimlMessage): Step | null {
  const { to, from, body, media, action, problem } = message
  const sid = request.newSmsSid(media.length > 0)
  const statusCallback = message.statusCallback ?? action?.url ?? null
  if (problem) warnings.push(problem)
  else replies.push({ sid, to, from, body, media, statusCallback })
  if (!action || action.url === message.statusCallback) return null
  const status = problem ? 'invalid' : 'queued'
  const changes = { MessageSid: sid, SmsSid: sid, MessageStatus: status, SmsStatus: status }
  return { ...action, parameters: withChanged(request.parameters, changes) }
}

function fallbackStep(
  request: CallRequest,
  url: string,
  { failedUrl, problem }: { failedUrl: string; problem: Problem },
): Step {
  const changes = { ErrorCode: String(problem.code), ErrorUrl: asTold(failedUrl) }
  return { url, method: request.fallbackMethod, parameters: withChanged(request.parameters, changes) }
}

/** A status callback: it went well when the app said so, however much else it said. */
async function notify(progress: Progress): Promise<Problem | null> {
  const { url, method, parameters } = progress.request
  const fetched = await fetchNext(progress, { url, method, parameters })
  if (fetched.kind === 'document') return null
  const status = fetched.failure?.partial?.status ?? 0
  if (status >= 200 && status <= 299) return null
  markLastHop(progress, fetched.problem)
  return fetched.problem
}

function fetchNext(progress: Progress, step: Step): Promise<Fetched> {
  const idempotencyToken = documentToken(progress.request.idempotencyToken, progress.documents++)
  return fetchDocument(progress.course, { ...step, idempotencyToken }, progress.warnings)
}

/** The hop whose answer, or want of one, was the problem. */
function markLastHop({ course }: Progress, problem: Problem): void {
  const hop = course.hops.at(-1)
  if (!hop) return
  hop.errorCode ??= problem.code
  hop.errorMessage ??= problem.message
}

function withChanged(parameters: CallRequest['parameters'], changes: Record<string, string>): [string, string][] {
  const kept = parameters.filter(([name]) => !(name in changes))
  return [...kept, ...Object.entries(changes)]
}

/** Without credentials and connection overrides, which are nobody else's. */
function asTold(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  url.username = ''
  url.password = ''
  url.hash = ''
  return url.href
}
