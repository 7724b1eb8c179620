import type { Core } from '../../server/core/core.ts'

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
