import { sid } from '../../../domain/ids.ts'
import { formatRfc2822 } from '../../../domain/wire-time.ts'

/** Where an account's resources are: relative, as the 2010-04-01 API writes it. */
export function accountUri(accountId: string): string {
  return `/2010-04-01/Accounts/${sid('AC', accountId)}`
}

/** The dates that every resource shows. */
export function datesOf({ createdAt, updatedAt }: { createdAt: Date; updatedAt: Date }) {
  return { date_created: formatRfc2822(createdAt), date_updated: formatRfc2822(updatedAt) }
}

/** `(510) 555-0100` for a number of the North American plan, else the number as it is. */
export function friendlyNumber(number: string): string {
  return number.replace(/^\+1([0-9]{3})([0-9]{3})([0-9]{4})$/, '($1) $2-$3')
}
