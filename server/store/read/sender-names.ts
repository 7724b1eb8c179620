import type { Queryable } from '../../kit/queryable.ts'

/** The accounts that send by a name, or ever did, by name. A lookup: names belong to nobody alone. */
export async function findNameHolders(db: Queryable, names: string[]): Promise<Map<string, string[]>> {
  const rows = await db.query<{ name: string; accountIds: string[] }>(
    `select n.name, array_agg(n.account_id::text order by n.account_id) as "accountIds"
     from sender_names n
     where n.name = any($1)
     group by n.name`,
    [names],
  )
  return new Map(rows.map(({ name, accountIds }) => [name, accountIds]))
}

/** The accounts that held a number before they gave it up. */
export async function findPastHolders(db: Queryable, number: string): Promise<string[]> {
  const rows = await db.query<{ accountId: string }>(
    'select h.account_id as "accountId" from past_holders h where h.number = $1',
    [number],
  )
  return rows.map(({ accountId }) => accountId)
}

/** Which of the accounts sent the text that the carrier knows by that id. */
export async function findSendersOf(
  db: Queryable,
  accountIds: string[],
  text: { carrier: string; carrierMessageId: string },
): Promise<string[]> {
  const rows = await db.query<{ accountId: string }>(
    `select c.account_id as "accountId"
     from carrier_texts c
     where c.account_id = any($1::uuid[]) and c.carrier = $2 and c.direction = 'out' and c.carrier_message_id = $3`,
    [accountIds, text.carrier, text.carrierMessageId],
  )
  return rows.map(({ accountId }) => accountId)
}
