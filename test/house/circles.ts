import type { Offence, Source } from './source.ts'

/** Import circles, type imports included, each told once, from the file that comes first by name. */
export function circles(sources: Source[]): Offence[] {
  const byPath = new Map(sources.map(source => [source.path, source]))
  const done = new Set<string>()
  const trail: string[] = []
  const offences: Offence[] = []
  for (const path of [...byPath.keys()].sort()) visit(path)
  return offences

  function visit(path: string): void {
    if (done.has(path)) return
    trail.push(path)
    for (const { path: target, line } of byPath.get(path)!.imports) {
      if (target === null || !byPath.has(target)) continue
      const from = trail.indexOf(target)
      if (from < 0) visit(target)
      else offences.push({ path, line, message: `circle: ${[...trail.slice(from), target].join(' -> ')}` })
    }
    trail.pop()
    done.add(path)
  }
}
