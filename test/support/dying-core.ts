import type { Core } from '../../server/core/core.ts'
import { AccountTurns } from '../../server/store/account-turns.ts'

/** The core of a process that dies when it has asked the database so often: before it asks again, or on the last answer. */
export function dyingAfter(core: Core, steps: number, loses: 'next' | 'answer' = 'next'): Core {
  let left = steps
  async function live<T>(ask: () => Promise<T>): Promise<T> {
    if (left <= 0) throw new Error('killed')
    left -= 1
    const answer = await ask()
    if (left === 0 && loses === 'answer') throw new Error('killed')
    return answer
  }
  return {
    ...core,
    db: {
      ...core.db,
      query: (...asked) => live(() => core.db.query(...asked)),
      withClient: run => live(() => core.db.withClient(run)),
    },
  }
}

/** The core of another process, which asks the database for the so manieth time only when something else has run. */
export function meanwhile(core: Core, step: number, run: () => Promise<unknown>): Core {
  let left = step
  async function after<T>(ask: () => Promise<T>): Promise<T> {
    left -= 1
    if (left === 0) await run()
    return ask()
  }
  return {
    ...core,
    db: {
      ...core.db,
      query: (...asked) => after(() => core.db.query(...asked)),
      withClient: ask => after(() => core.db.withClient(ask)),
      turns: new AccountTurns({ maxRunning: 1 }),
    },
  }
}
