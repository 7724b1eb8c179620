import 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** A sentence that the run prints at its end, whether or not the test passed. */
    says?: string
  }
}
