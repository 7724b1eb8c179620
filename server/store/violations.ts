/** SQLSTATE of a row that is there already. */
const UNIQUE_VIOLATION = '23505'

/** Whether a write failed because it would have broken one of the named unique constraints. */
export function isViolationOf(constraints: string[], error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === UNIQUE_VIOLATION &&
    'constraint' in error &&
    constraints.some(name => name === error.constraint)
  )
}
