/** What a table of the settings has under a word of the gateway; words such as `constructor` are words like any other. */
export function lookUp<Value>(table: Record<string, Value> | undefined, word: string | null): Value | undefined {
  return table !== undefined && word !== null && Object.hasOwn(table, word) ? table[word] : undefined
}
