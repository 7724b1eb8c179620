const names = new Map<string, string>()

/**
 * The name of a statement's preparation, one for each text. Texts are constants of the program, so there are few; they
 * are numbered, because PostgreSQL cuts names at 63 characters.
 */
export function statementName(sql: string): string {
  const known = names.get(sql)
  if (known) return known
  const name = `heddle:${names.size}`
  names.set(sql, name)
  return name
}
