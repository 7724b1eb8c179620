/** What owns shared numbers: a call queue, or a site of the company. */
export type QueueKind = 'queue' | 'site' | 'main_site'
