/** Changes to a row: what is left out or undefined stays as it was. */
export type Given<Row> = { [Key in keyof Row]?: Row[Key] | undefined }

/** The changes that were given, for spreading over the row. */
export function given<Changes extends object>(
  changes: Changes,
): { [Key in keyof Changes]?: Exclude<Changes[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Changes]?: Exclude<Changes[Key], undefined>
  }
}
