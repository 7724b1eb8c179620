import type { Page, PageAsked } from '../../store/read/inbox-parts.ts'
import type { Query } from './parameters.ts'

/** `paging` of a list; a page without records says neither which it is nor where it begins. */
export function paging({ page, perPage }: PageAsked, shown: number, total: number): Record<string, number> {
  const pageStart = (page - 1) * perPage
  return {
    perPage,
    ...(shown > 0 ? { page, pageStart, pageEnd: pageStart + shown - 1 } : {}),
    totalPages: Math.ceil(total / perPage),
    totalElements: total,
  }
}

/** A list of the newer kind: records and paging. */
export function listOf<Row>({ rows, total }: Page<Row>, asked: PageAsked, spell: (row: Row) => unknown) {
  return { records: rows.map(spell), paging: paging(asked, rows.length, total) }
}

/** A list of the older kind, of rows that were all read: with `uri` and `navigation`. */
export function olderListOf<Row>(uri: string, rows: Row[], query: Query, spell: (row: Row) => unknown) {
  const { page, perPage } = query.page()
  const shown = rows.slice((page - 1) * perPage, page * perPage)
  return olderPageOf(uri, { rows: shown, total: rows.length }, query, spell)
}

/** A list of the older kind, of one page; its links carry what the list was asked for. */
export function olderPageOf<Row>(uri: string, { rows, total }: Page<Row>, query: Query, spell: (row: Row) => unknown) {
  const asked = query.page()
  const { page, perPage } = asked
  const last = Math.max(1, Math.ceil(total / perPage))
  const listUri = query.listUri(uri)
  const start = listUri + (listUri.includes('?') ? '&' : '?')
  const at = (number: number) => ({ uri: `${start}page=${number}&perPage=${perPage}` })
  return {
    uri: at(page).uri,
    records: rows.map(spell),
    paging: paging(asked, rows.length, total),
    navigation: {
      firstPage: at(1),
      ...(page < last ? { nextPage: at(page + 1) } : {}),
      ...(page > 1 ? { previousPage: at(Math.min(last, page - 1)) } : {}),
      lastPage: at(last),
    },
  }
}
