import './node-version.mjs'
import { build, isBuilt } from './build.mjs'
import { install, isInstalled, isInstalledToRun } from './install.mjs'
import { whileLocked } from './lock.mjs'

/** Makes the folder ready to run: packages as the lock file says, and a build of the sources that are here. Does nothing when all is. */
export async function setUp() {
  // An image may hold a build and none of the tools that made it.
  if (isBuilt() && isInstalledToRun()) return
  await setUpPackages()
  if (await setUpBuild()) return
  console.error('The build failed; nothing was started.')
  process.exit(1)
}

/** Resolves to whether the build is of the sources that are here. */
export async function setUpBuild() {
  return isBuilt() || (await whileLocked(build))
}

/** The packages alone, for what needs no build. */
export async function setUpPackages() {
  if (isInstalled()) return
  await whileLocked(async () => {
    if (!isInstalled()) await install()
  })
}
