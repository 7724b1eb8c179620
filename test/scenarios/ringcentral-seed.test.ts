import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BILLING, GUEST, type InboxHouse, openInboxHouse, signedIn } from '../support/inbox-house.ts'

/**
 * The samples of the message-threads guide, word for word, in one script. The guide has two functions named
 * `list_threads`; the second, which reads one thread, has another name here.
 */
const SAMPLES = `
async function list_threads(){
  try{
    let queryParams = {
      creationTimeFrom: "2026-02-01T06:00:00.000",
      creationTimeTo: "2026-02-17T10:00:00.000",
      perPage: 100
    }
    let endpoint = \`/restapi/v1.0/account/~/message-threads\`
    var resp = await platform.get(endpoint, queryParams)
    var jsonObj = await resp.json()
    console.log(JSON.stringify(jsonObj.records, null, 4))
  }catch(e){
    console.log(await e.response.json())
  }
}
async function read_thread(){
  try{
    let endpoint = '/restapi/v1.0/account/~/message-threads/07d6d352-2c96-40b8-a704-2505fdbdfa0a'
    var resp = await platform.get(endpoint)
    var jsonObj = await resp.json()
    console.log(JSON.stringify(jsonObj, null, 4))
  }catch(e){
    console.log(await e.response.json())
  }
}
async function assign_thread(extensionId, threadId){
  try{
    let bodyParams = {
      assignee: {
        extensionId: extensionId
      }
    }
    let endpoint = \`/restapi/v1.0/account/~/message-threads/\${threadId}/assign\`
    var resp = await platform.post(endpoint, bodyParams)
    var jsonObj = await resp.json()
    console.log(SON.stringify(jsonObj, null, 4))
  }catch(e){
    console.log(await e.response.json())
  }
}
async function resolve_thread(threadId){
  try{
    var resp = await platform.post(\`/restapi/v1.0/account/~/message-threads/\${threadId}/resolve\`)
    var jsonObj = await resp.json()
    console.log(JSON.stringify(jsonObj, null, 4))
  }catch(e){
    console.log(await e.response.json())
  }
}
async function delete_thread(threadId){
  try{
    var resp = await platform.delete(\`/restapi/v1.0/account/~/message-threads/\${threadId}\`)
    console.log("Thread deleted")
  }catch(e){
    console.log(await e.response.json())
  }
}
let syncToken = ""
async function full_sync_message_threads(){
  try{
    let queryParams = {
      syncType: "FSync"
    }
    var resp = await platform.get('/restapi/v1.0/account/~/message-threads/sync', queryParams)
    var jsonObj = await resp.json()
    console.log("Full sync data: ", JSON.stringify(jsonObj, null, 4))
    syncToken = jsonObj.syncInfo.syncToken
  }catch(e){
    console.log(e.message)
  }
}
async function incremental_sync_message_threads(){
  if (syncToken == ""){
    full_sync_message_threads()
    return
  }
  try{
    let queryParams = {
      syncType: "ISync",
      syncToken: syncToken
    }
    let endpoint = '/restapi/v1.0/account/~/message-threads/sync'
    var resp = await platform.get(endpoint, queryParams)
    var jsonObj = await resp.json()
    syncToken = jsonObj.syncInfo.syncToken
    console.log("Incremental sync data: ",JSON.stringify(jsonObj, null, 4))
  }catch(e){
    console.log(e.message)
  }
}
return { list_threads, read_thread, assign_thread, resolve_thread, delete_thread,
  full_sync_message_threads, incremental_sync_message_threads }
`

type Samples = Record<string, (...asked: string[]) => Promise<void>>

describe("the guide's samples, with the official SDK", () => {
  let house: InboxHouse
  let samples: Samples
  const printed: unknown[] = []

  beforeAll(async () => {
    house = await openInboxHouse()
    const platform = (await signedIn(house, 'ann')).platform()
    const log = (...said: unknown[]) => printed.push(said.at(-1))
    samples = new Function('platform', 'console', SAMPLES)(platform, { log }) as Samples
  })

  afterAll(() => house.close())

  async function run(name: string, ...asked: string[]): Promise<unknown> {
    await samples[name]?.(...asked)
    const last = printed.at(-1)
    return typeof last === 'string' && /^[[{]/.test(last) ? JSON.parse(last) : last
  }

  test('run as they are printed', async () => {
    await house.text(GUEST, BILLING, 'Is my order ready?')
    const [thread] = await house.threads('ann')
    expect(thread).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'Open',
      availability: 'Alive',
      ownerParty: { phoneNumber: BILLING },
      guestParty: { phoneNumber: GUEST },
      owner: { extensionId: '201', name: 'Billing Queue', extensionType: 'Department' },
      label: 'Is my order ready?',
      creationTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      lastModifiedTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    })

    expect(await run('list_threads')).toEqual([])
    expect(await run('read_thread')).toMatchObject({
      errors: [{ errorCode: 'CMN-102', parameterName: 'threadId' }],
    })
    expect(await run('full_sync_message_threads')).toMatchObject({
      records: [thread],
      syncInfo: { syncType: 'FSync', syncToken: expect.any(String), syncTime: expect.stringMatching(/Z$/) },
    })
    expect(await run('incremental_sync_message_threads')).toMatchObject({
      records: [],
      syncInfo: { syncType: 'ISync' },
    })

    // The sample prints by `SON.stringify`, and its own catch fails on that: the thread is assigned all the same.
    await expect(run('assign_thread', '102', thread.id)).rejects.toThrow(TypeError)
    expect(await run('incremental_sync_message_threads')).toMatchObject({
      records: [{ id: thread.id, assignee: { extensionId: '102', name: 'Bob Ray', extensionType: 'User' } }],
    })

    const resolved = await run('resolve_thread', thread.id)
    expect(resolved).toMatchObject({ status: 'Resolved', statusReason: 'Manual', availability: 'Alive' })
    expect(resolved).not.toHaveProperty('assignee')
    expect(await run('incremental_sync_message_threads')).toMatchObject({ records: [resolved] })
    expect(await run('resolve_thread', thread.id)).toMatchObject({ errorCode: 'MSG-325' })

    expect(await run('delete_thread', thread.id)).toBe('Thread deleted')
    expect(await run('incremental_sync_message_threads')).toMatchObject({
      records: [{ id: thread.id, availability: 'Deleted', status: 'Resolved' }],
    })
    expect(await run('full_sync_message_threads')).toMatchObject({ records: [] })
  })
})
