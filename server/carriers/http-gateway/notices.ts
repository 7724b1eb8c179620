/** What was said within this time is not said again. */
const QUIET_MS = 10_000
const MAX_REMEMBERED = 1000

/** Says each thing at most once in ten seconds: whoever calls without being the gateway fills no log. */
export function openNotices(say: (message: string) => void, nowMs: () => number): (message: string) => void {
  const said = new Map<string, number>()
  return message => {
    if (nowMs() - (said.get(message) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return
    if (said.size >= MAX_REMEMBERED) said.clear()
    said.set(message, nowMs())
    say(message)
  }
}
