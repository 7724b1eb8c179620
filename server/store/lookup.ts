/** Rows that acts find by key, and that the node which alone writes an account keeps in memory. */
export interface Lookup<Row> {
  readonly table: string
  /** The fields that name a row, in what is asked and in what is found. */
  readonly key: readonly string[]
  /** `$1` account, `$2` JSON array of objects with the key's fields. */
  readonly sql: string
  /**
   * A unique constraint that a row taken to be absent would break. Rows of such a lookup are read under the account's
   * lock alone: without it they are taken to be absent, as they nearly always are, and the constraint tells.
   */
  readonly guard?: string
  /** Never set: ties the rows to the lookup. */
  readonly row?: Row
}

export function keyIn({ key }: Lookup<unknown>, row: object): string {
  const fields = row as Record<string, unknown>
  let spelled = ''
  for (const field of key) spelled += ` ${fields[field]}`
  return spelled
}
