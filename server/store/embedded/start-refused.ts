/** The embedded PostgreSQL cannot start. The message is one sentence for the operator: what is wrong, and the remedy. */
export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartRefused'
  }
}

/** Another Heddle holds the data folder: its server can be joined. */
export class FolderInUse extends StartRefused {}
