/** The embedded PostgreSQL cannot start. The message is one sentence for the operator: what is wrong, and the remedy. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartRefused'
  }
}

/** Another Heddle holds the data folder: its server can be joined. */
export class FolderInUse extends StartRefused {}

/** The system's code of a failed call (`ENOENT`, `EACCES`, ...), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
