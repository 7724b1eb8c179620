const NEWLINE = 0x0a

/**
 * Splits bytes into lines, without their newlines. Only "\n" ends a line: a COPY row may hold other characters that
 * `readline` takes for an end (U+2028). A last line without its newline is a line too.
 */
export async function* splitLines(chunks: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer, void, undefined> {
  let begun: Buffer[] = []
  for await (const piece of chunks) {
    const chunk = Buffer.from(piece)
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const rest = chunk.subarray(start, end)
      yield begun.length === 0 ? rest : Buffer.concat([...begun, rest])
      begun = []
      start = end + 1
    }
    if (start < chunk.length) begun.push(chunk.subarray(start))
  }
  if (begun.length > 0) yield Buffer.concat(begun)
}
