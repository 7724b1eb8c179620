import { type SidPrefix, uuidOfSid } from '../../../domain/ids.ts'
import { notFound } from '../../twilio-errors.ts'
import { type PageAsked, pageOf, readPage, v2010List } from '../../twilio-paging.ts'
import type { TwilioAccess, TwilioCall, TwilioResources, TwilioVerbs } from '../../twilio-routes.ts'

/** A resource that is only made, read, changed and deleted; what is left out is not served (405). */
export interface PlainResource<Row extends { born: number }> {
  /** Of the list; an instance is below it. */
  path: string
  /** What the list calls its records. */
  name: string
  prefix: SidPrefix
  /** Asked before anything else; throws what refuses the caller. */
  admit?(call: TwilioCall): void
  /** Up to one row more than asked, newest first; reversed when what is before a row is asked. */
  list(call: TwilioCall, asked: PageAsked): Promise<Row[]>
  find(call: TwilioCall, id: string): Promise<Row | null>
  spell(accountId: string, row: Row): object
  create?(call: TwilioCall): Promise<object>
  update?(call: TwilioCall, row: Row): Promise<object>
  remove?(call: TwilioCall, row: Row): Promise<void>
}

/** Serves a plain resource: its list and its instances. */
export function servePlain<Row extends { born: number }>(
  { resource }: TwilioResources,
  plain: PlainResource<Row>,
  access?: TwilioAccess,
): void {
  const { create, update, remove } = plain
  const get = async (call: TwilioCall) => {
    plain.admit?.(call)
    const id = uuidOfSid(plain.prefix, call.path.sid ?? '')
    const row = id === null ? null : await plain.find(call, id)
    if (!row) throw notFound(call.request)
    return row
  }

  const ofList: TwilioVerbs = {
    async list(call) {
      plain.admit?.(call)
      return answerList(call, plain)
    },
  }
  if (create) {
    ofList.create = async call => {
      plain.admit?.(call)
      return create(call)
    }
  }

  const ofInstance: TwilioVerbs = {
    fetch: async call => plain.spell(call.accountId, await get(call)),
  }
  if (update) ofInstance.update = async call => update(call, await get(call))
  if (remove) ofInstance.remove = async call => remove(call, await get(call))

  resource(plain.path, ofList, access)
  resource(`${plain.path}/:sid`, ofInstance, access)
}

/** A page of a list in the envelope of the 2010-04-01 API. */
export async function answerList<Row extends { born: number }>(
  call: TwilioCall,
  { name, list, spell }: Pick<PlainResource<Row>, 'name' | 'list' | 'spell'>,
): Promise<object> {
  const asked = readPage(call.parameters)
  const page = pageOf(await list(call, asked), asked, row => [row.born])
  const records = page.rows.map(row => spell(call.accountId, row))
  return v2010List(call.request, name, records, page)
}
