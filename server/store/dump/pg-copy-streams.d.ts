/** The two calls that we use; the package brings no types. Source: https://github.com/brianc/node-pg-copy-streams */
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  export function to(copyToStdout: string): Readable & Submittable & { rowCount: number }
  export function from(copyFromStdin: string): Writable & Submittable & { rowCount: number }
}
