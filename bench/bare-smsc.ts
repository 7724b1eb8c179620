import type { ChildProcess } from 'node:child_process'
import { startProgram } from './child.ts'
import type { SmscJob } from './smsc.ts'

/** A bare SMSC in a process of its own. */
export async function startSmsc() {
  const child = startProgram('smsc')
  const port = await answerOf<number>(child)
  return {
    child,
    port,
    tell: (job: SmscJob) => child.send(job),
    ask: <Answer>(job: SmscJob) => ask<Answer>(child, job),
  }
}

export async function ask<Answer>(child: ChildProcess, job: object): Promise<Answer> {
  const answer = answerOf<Answer>(child)
  child.send(job)
  return answer
}

export function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = (code: number | null) => reject(new Error(`A program ended with ${code} before it answered.`))
    child.once('exit', end)
    child.once('message', message => {
      child.off('exit', end)
      resolve(message as Answer)
    })
  })
}
