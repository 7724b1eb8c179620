import { readFile, stat } from 'node:fs/promises'
import { systemCode } from '../../kit/system-code.ts'
import { StartRefused } from './start-refused.ts'

/** The unprivileged account that runs PostgreSQL when Heddle itself is root, which PostgreSQL refuses to be. */
export interface RunAs {
  name: string
  uid: number
  gid: number
}

const PREFERRED = ['postgres', '_postgres', 'nobody']

/**
 * Chooses who runs PostgreSQL on `cluster`: undefined means the user Heddle runs as. Root takes the owner of a folder
 * that exists, so that root and an ordinary user may take turns on it, else the first known unprivileged account.
 * Refuses when an ordinary user was given somebody else's folder, and when root has no account to step down to.
 */
export async function chooseRunAs(cluster: string): Promise<RunAs | undefined> {
  const owner = await ownerOf(cluster)
  const self = process.getuid?.()
  if (self !== 0) {
    if (owner !== undefined && owner.uid !== self) {
      throw new StartRefused(
        `The database folder ${cluster} belongs to user id ${owner.uid} and Heddle runs as user id ${self}: run it as the owner, or change the owner with "chown -R ${self} ${JSON.stringify(cluster)}".`,
      )
    }
    return undefined
  }
  const accounts = await listAccounts()
  if (owner !== undefined && owner.uid !== 0) {
    return accounts.find(({ uid }) => uid === owner.uid) ?? { name: `user id ${owner.uid}`, ...owner }
  }
  for (const name of PREFERRED) {
    const account = accounts.find(known => known.name === name && known.uid !== 0)
    if (account) return account
  }
  throw new StartRefused(
    'PostgreSQL refuses to run as root and there is no user "postgres" or "nobody" to run it: create one with "useradd --system postgres", or run Heddle as an ordinary user.',
  )
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(folder)
    return { uid, gid }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new StartRefused(`The database folder ${folder} cannot be read (${systemCode(error)}).`, {
      cause: error,
    })
  }
}

async function listAccounts(): Promise<RunAs[]> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n')
  return lines
    .map(line => line.split(':'))
    .filter(fields => fields.length >= 7)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}
