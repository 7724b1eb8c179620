import type { InventoryKind } from '../../domain/inventory.ts'
import type { Queryable } from '../../kit/queryable.ts'
import { type InventoryNumber, inventoryColumns } from '../inventory.ts'

export type { InventoryNumber } from '../inventory.ts'

/** What an available number must be like. Left out: it does not matter. */
export interface InventoryFilter {
  country?: string | undefined
  kind?: InventoryKind | undefined
  /** LIKE patterns, all of which the number fits. */
  patterns: string[]
  canVoice?: boolean | undefined
  canSms?: boolean | undefined
  canMms?: boolean | undefined
  canFax?: boolean | undefined
  region?: string | undefined
  locality?: string | undefined
  postalCode?: string | undefined
  rateCenter?: string | undefined
  lata?: string | undefined
  /** Address requirements that rule a number out. */
  excludes: string[]
  allowsBeta: boolean
  near?: { latitude: number; longitude: number; miles: number } | undefined
  limit: number
  offset: number
}

const EARTH_RADIUS_MILES = 3959

/** Numbers of an account's inventory that nobody holds, in their order; near ones by distance. */
export function searchInventory(db: Queryable, accountId: string, filter: InventoryFilter): Promise<InventoryNumber[]> {
  return db.query<InventoryNumber>(
    `select ${inventoryColumns}
     from inventory i
     cross join lateral (
       select ${2 * EARTH_RADIUS_MILES} * asin(sqrt(least(1,
         sin(radians($17::float8 - i.latitude) / 2) ^ 2
         + cos(radians($17::float8)) * cos(radians(i.latitude)) * sin(radians($18::float8 - i.longitude) / 2) ^ 2
       ))) as miles
     ) as away
     where i.account_id = $1
       and ($2::text is null or i.country = $2)
       and ($3::text is null or i.kind = $3)
       and i.number like all($4::text[])
       and ($5::boolean is null or i.can_voice = $5)
       and ($6::boolean is null or i.can_sms = $6)
       and ($7::boolean is null or i.can_mms = $7)
       and ($8::boolean is null or i.can_fax = $8)
       and ($9::text is null or lower(i.region) = lower($9))
       and ($10::text is null or lower(i.locality) = lower($10))
       and ($11::text is null or lower(i.postal_code) = lower($11))
       and ($12::text is null or lower(i.rate_center) = lower($12))
       and ($13::text is null or i.lata = $13)
       and i.address_requirements <> all($14::text[])
       and ($15::boolean or not i.is_beta)
       and ($16::float8 is null or away.miles <= $16)
       and not exists (select from lookups l where l.kind = 'number' and l.key = i.number)
     order by away.miles, i.number
     limit $19 offset $20`,
    [
      accountId,
      filter.country ?? null,
      filter.kind ?? null,
      filter.patterns,
      filter.canVoice ?? null,
      filter.canSms ?? null,
      filter.canMms ?? null,
      filter.canFax ?? null,
      filter.region ?? null,
      filter.locality ?? null,
      filter.postalCode ?? null,
      filter.rateCenter ?? null,
      filter.lata ?? null,
      filter.excludes,
      filter.allowsBeta,
      filter.near?.miles ?? null,
      filter.near?.latitude ?? null,
      filter.near?.longitude ?? null,
      filter.limit,
      filter.offset,
    ],
  )
}

/** One number of an account's inventory, held by somebody or not. */
export async function findInventoryNumber(
  db: Queryable,
  accountId: string,
  number: string,
): Promise<InventoryNumber | null> {
  const rows = await db.query<InventoryNumber>(
    `select ${inventoryColumns} from inventory i where i.account_id = $1 and i.number = $2`,
    [accountId, number],
  )
  return rows[0] ?? null
}

/** A country of an account's inventory with the kinds of numbers that it has. */
export interface InventoryCountry {
  country: string
  kinds: InventoryKind[]
  /** Every number there is new. */
  isBeta: boolean
}

export function listInventoryCountries(db: Queryable, accountId: string): Promise<InventoryCountry[]> {
  return db.query<InventoryCountry>(
    `select i.country, array_agg(distinct i.kind) as kinds, bool_and(i.is_beta) as "isBeta"
     from inventory i
     where i.account_id = $1
     group by i.country
     order by i.country`,
    [accountId],
  )
}
