import type { Queryable } from '../../kit/queryable.ts'

/** How many texts of all accounts stand where in their life: for those who run the server. */
export async function countByStatus(db: Queryable): Promise<Record<string, number>> {
  const rows = await db.query<{ status: string; count: number }>(
    'select s.status, count(*) as count from sms s group by s.status',
  )
  return Object.fromEntries(rows.map(row => [row.status, row.count]))
}
